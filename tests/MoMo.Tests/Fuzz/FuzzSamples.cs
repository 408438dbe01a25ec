using System.Text.Json;

namespace MoMo.Tests.Fuzz;

/// <summary>Real inputs to begin with.</summary>
internal static class FuzzSamples
{
    private const int SampleMax = 32 << 10;

    public static IReadOnlyList<byte[]> Payments { get; } =
    [
        """{"psp":"psp","psp_reference":"R1","account_id":"acme","reference_id":"4711","amount":"1250.50","currency":"KES"}"""u8.ToArray(),
        """
        {"psp":"psp","psp_reference":"R2","reference_id":"4711","amount":7,"currency":"UGX","paid_at":"2026-03-01T09:30:00.123456+03:00",
         "payer":{"name":"Jürgen 😀","phone":"254*","account":null},"metadata":{"a":[1,2.5e3,{"b":"\u00e9\ud83d\ude00"}],"c":null}}
        """u8.ToArray(),
        """{"psp":"psp","psp_reference":"R3","account_id":"acme","amount":"0.001","currency":"TND","paid_at":"2026-03-01","metadata":{}}"""u8.ToArray(),
        """{"psp":"psp","psp_reference":"R4","text":"acme#Ré 1","shortcode":"600000","amount":"1","currency":"KES"}"""u8.ToArray(),
    ];

    /// <summary>The project's own sample files of a folder.</summary>
    public static IEnumerable<byte[]> Golden(string folder)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Golden", folder);
        return Directory.Exists(path) ? Directory.GetFiles(path).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];
    }

    /// <summary>Sample files that may not be part of the project, where they are; big ones are left out, because they say little more.</summary>
    public static IEnumerable<byte[]> Shared(string format) => SharedData.Manifest(format).Where(row => row["role"] is "sample" or "derived")
        .Select(row => SharedData.Read(row["file"])).Where(bytes => bytes.Length <= SampleMax);

    /// <summary>The input as JSON, as a body with such a part would hold it; null when it is none.</summary>
    public static JsonElement? Json(byte[] input)
    {
        try
        {
            return JsonElement.Parse(input);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
