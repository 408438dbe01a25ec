using System.Buffers;
using System.Text;
using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Silo.Identity;

namespace MoMo.Silo.Api;

/// <summary>What is kept beside a message's bytes: when, from where, with which headers. Secrets are left out.</summary>
internal static class Envelope
{
    /// <summary>Characters of one header that are kept.</summary>
    private const int HeaderMax = 1_024;

    private static readonly HashSet<string> Secrets = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "verif-hash",
    };

    private const string HeadersField = "headers";

    /// <summary>Headers that an account is shown, and that hold no secret. A list of those that it may see: nobody knows all that PSPs send.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase) { "Content-Type", "Content-Length", "User-Agent", "Date" };

    /// <summary>What else an account is shown.</summary>
    private static readonly HashSet<string> Told = new(StringComparer.Ordinal) { "received_at", "method", "status" };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    /// <summary>The envelope of a request as one JSON object.</summary>
    /// <param name="http">The request.</param>
    /// <param name="receivedAt">When it came.</param>
    /// <param name="credentials">What its sender and we share: a header that holds any of it is left out.</param>
    /// <param name="all">Whether these are all; if not, nobody can tell which header holds one, and only those are kept that can't.</param>
    public static string Of(HttpContext http, DateTimeOffset receivedAt, OpenCredentials? credentials = null, bool all = true)
    {
        var json = Writer();
        json.WriteStartObject();
        json.WriteString("received_at"u8, receivedAt.UtcDateTime);
        json.WriteString("source"u8, http.Connection.RemoteIpAddress?.ToString());
        json.WriteString("method"u8, http.Request.Method);
        if (http.User.Identity?.Name is { } key) json.WriteString("key"u8, key);
        json.WriteStartObject(HeadersField);
        foreach (var (name, values) in http.Request.Headers)
        {
            if (Secrets.Contains(name) || !(all || Harmless.Contains(name))) continue;
            var value = values.ToString();
            if (credentials?.AppearIn(value) == true) continue;
            json.WriteString(name, value.Length > HeaderMax ? value[..HeaderMax] : value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer!.WrittenSpan);
    }

    /// <summary>
    /// What an account is shown of an envelope: when, how, and what kind of message. Whoever sends for many accounts is the operator's to know: where
    /// it sends from, whose key it has, how its PSP signs.
    /// </summary>
    /// <param name="envelope">As it was kept: one JSON object.</param>
    public static string ForAccount(string envelope)
    {
        using var whole = JsonDocument.Parse(envelope);
        var json = Writer();
        json.WriteStartObject();
        foreach (var field in whole.RootElement.EnumerateObject())
        {
            if (field.Name == HeadersField && field.Value.ValueKind == JsonValueKind.Object)
            {
                json.WriteStartObject(field.Name);
                foreach (var header in field.Value.EnumerateObject())
                    if (Harmless.Contains(header.Name)) header.WriteTo(json);
                json.WriteEndObject();
            }
            else if (Told.Contains(field.Name))
            {
                field.WriteTo(json);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer!.WrittenSpan);
    }

    private static Utf8JsonWriter Writer()
    {
        buffer ??= new ArrayBufferWriter<byte>(1_024);
        buffer.ResetWrittenCount();
        writer ??= new Utf8JsonWriter(buffer);
        writer.Reset();
        return writer;
    }
}
