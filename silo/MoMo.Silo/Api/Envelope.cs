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

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    /// <summary>The envelope of a request as one JSON object.</summary>
    /// <param name="http">The request.</param>
    /// <param name="receivedAt">When it came.</param>
    /// <param name="credentials">What its sender and we share: a header that holds any of it is left out.</param>
    public static string Of(HttpContext http, DateTimeOffset receivedAt, OpenCredentials? credentials = null)
    {
        var json = Writer();
        json.WriteStartObject();
        json.WriteString("received_at"u8, receivedAt.UtcDateTime);
        json.WriteString("source"u8, http.Connection.RemoteIpAddress?.ToString());
        json.WriteString("method"u8, http.Request.Method);
        if (http.User.Identity?.Name is { } key) json.WriteString("key"u8, key);
        json.WriteStartObject("headers"u8);
        foreach (var (name, values) in http.Request.Headers)
        {
            if (Secrets.Contains(name)) continue;
            var value = values.ToString();
            if (credentials?.AppearIn(value) == true) continue;
            json.WriteString(name, value.Length > HeaderMax ? value[..HeaderMax] : value);
        }

        json.WriteEndObject();
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
