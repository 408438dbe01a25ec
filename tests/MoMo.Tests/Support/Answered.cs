using System.Net;
using System.Text.Json;

namespace MoMo.Tests.Support;

/// <summary>An answer that was read to its end.</summary>
internal sealed record Answered(HttpResponseMessage Message, string Text)
{
    public HttpStatusCode Status => Message.StatusCode;

    public string? ETag => Message.Headers.ETag?.ToString();

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The problem's code.</summary>
    public string? Code => Text.Length == 0 ? null : Json.GetProperty("code").GetString();

    /// <summary>The fields that a problem names, in order.</summary>
    public string Faults => string.Join(" ", Json.GetProperty("errors").EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal));

    public static async Task<Answered> ReadAsync(HttpResponseMessage message) => new(message, await message.Content.ReadAsStringAsync());

    /// <summary>A field of the answer, as text; null when it is left out.</summary>
    public string? Field(string name) => Json.TryGetProperty(name, out var value) ? value.ToString() : null;

    /// <summary>Checks that it is a problem with this status and code.</summary>
    public Answered MustBe(int status, string code)
    {
        Assert.True((int)Status == status, $"{(int)Status} instead of {status}: {Text}");
        Assert.Equal("application/problem+json", Message.Content.Headers.ContentType?.ToString());
        Assert.Equal(code, Code);
        Assert.Equal($"/docs/problems#{code}", Field("type"));
        return this;
    }

    /// <summary>Checks that it has this status.</summary>
    public Answered MustBe(int status)
    {
        Assert.True((int)Status == status, $"{(int)Status} instead of {status}: {Text}");
        return this;
    }
}
