using System.Text.Json;

namespace MoMo.Domain.Callbacks;

/// <summary>The adapter that a message came to.</summary>
/// <param name="Psp">Who moves the money.</param>
/// <param name="Adapter">The adapter.</param>
/// <param name="Mode">Whether its money is real.</param>
/// <param name="Settings">The format's settings: a JSON object, or an undefined element for none.</param>
/// <param name="Secrets">The credentials, opened.</param>
public sealed record CallbackSource(string Psp, string Adapter, Mode Mode, JsonElement Settings, OpenCredentials Secrets);
