using System.Text.Json;

namespace MoMo.Silo.Api;

/// <summary>A body is not what can be read here at all; the message says why to whoever sent it.</summary>
/// <param name="message">A sentence for the caller.</param>
internal sealed class BodyException(string message) : JsonException(message);
