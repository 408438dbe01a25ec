using System.Globalization;

namespace MoMo.Client;

/// <summary>The query of an address: names with values, escaped; what is null is left out.</summary>
internal sealed class Query
{
    public static readonly Query None = new("");

    private readonly string text;

    private Query(string text) => this.text = text;

    public Query With(string name, string? value) =>
        value is null ? this : new($"{text}{(text.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}");

    public Query With(string name, int value) => With(name, value.ToString(CultureInfo.InvariantCulture));

    public Query With(string name, long? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    public Query With(string name, DateTimeOffset? value) =>
        With(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    public override string ToString() => text;
}
