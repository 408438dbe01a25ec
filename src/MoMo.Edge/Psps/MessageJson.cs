using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using MoMo.Edge.Formats;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;

namespace MoMo.Edge.Psps;

/// <summary>Reads the body of a JSON message: UTF-8 with or without a byte order mark, or Windows-1252.</summary>
internal static class MessageJson
{
    /// <summary>Largest body that is read, in bytes.</summary>
    public const int BodyMax = 64 << 10;

    private const int DepthMax = 16;

    /// <summary>The fields of the message's object.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="what">What it is called in a refusal.</param>
    /// <param name="duplicates">Lets a key stand twice, of which the last counts: for a PSP whose own messages do.</param>
    /// <param name="depthMax">How deep it may be nested.</param>
    /// <returns>The fields; or <c>body-too-large</c>, <c>json-malformed</c> (not JSON, a key twice, nested too deep, no object).</returns>
    public static Outcome<MessageFields> Parse(ReadOnlyMemory<byte> body, string what = "A message", bool duplicates = false, int depthMax = DepthMax)
    {
        if (body.Length > BodyMax) return new Refusal("body-too-large", $"{what} has at most {BodyMax} bytes.");
        if (body.Span.StartsWith(Encoding.UTF8.Preamble)) body = body[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(body.Span)) body = Encoding.UTF8.GetBytes(Windows1252Fallback.Utf8.GetString(body.Span));
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = duplicates, MaxDepth = depthMax });
            // Who looks for keys that stand twice has read all names; else a broken one would only be met later.
            if (duplicates && !JsonText.IsUnicode(json.RootElement)) return new Refusal("json-malformed", "The body holds text that is not Unicode.");
            if (json.RootElement.ValueKind == JsonValueKind.Object) return new MessageFields(json.RootElement.Clone());
        }
        catch (JsonException)
        {
            return new Refusal("json-malformed", $"The body is no JSON that can be trusted: {JsonFault.Explain(body.Span, depthMax, duplicates)}.");
        }
        catch (InvalidOperationException)
        {
            return new Refusal("json-malformed", "A name in the body is not Unicode (half a surrogate pair).");
        }

        return new Refusal("json-malformed", $"{what} is a JSON object.");
    }
}
