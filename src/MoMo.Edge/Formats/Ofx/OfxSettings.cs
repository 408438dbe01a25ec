using System.Text;
using System.Text.Json;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Ofx;

/// <summary>How a bank's OFX files are read, such as <c>{"time_zone": "Africa/Nairobi"}</c>.</summary>
public sealed record OfxSettings
{
    /// <summary>
    /// <c>encoding</c>: an IANA name that wins over what the file says of itself; what does not fit it refuses the file. By default what it
    /// says; where that is nothing, ASCII or Windows-1252 (which many write over UTF-8), UTF-8 whose other bytes are Windows-1252.
    /// </summary>
    public required Encoding? Encoding { get; init; }

    /// <summary><c>time_zone</c>: of times that carry none; an IANA name. UTC by default, as OFX has it.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>Reads settings; an undefined element stands for the defaults.</summary>
    /// <returns>The settings, or <c>settings-invalid</c> with all faults: <c>setting-malformed</c>, <c>setting-unknown</c>,
    /// <c>encoding-unknown</c>, <c>time-zone-unknown</c>.</returns>
    public static Outcome<OfxSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var parsed = new OfxSettings { Encoding = reader.Encoding("encoding"), TimeZone = reader.Zone("time_zone") };
        reader.Close();
        if (reader.Refused is { } refusal) return refusal;
        return parsed;
    }
}
