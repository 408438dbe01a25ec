using System.Text.Json;

namespace MoMo.Domain.Files;

/// <summary>What a format needs to know of the adapter that a file came through.</summary>
/// <param name="Psp">Who moved the money.</param>
/// <param name="Adapter">The adapter.</param>
/// <param name="Settings">The format's settings: a JSON object, or an undefined element for none.</param>
public sealed record StatementSource(string Psp, string Adapter, JsonElement Settings);
