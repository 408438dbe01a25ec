using System.Text.Json;

namespace MoMo.Domain.Reversals;

/// <summary>The id that a payer gave a payment and that banks repeat when they return it.</summary>
public static class EndToEnd
{
    private const string Name = "end_to_end_id";

    /// <summary>Characters of an id at most; ISO 20022 has 35.</summary>
    private const int Max = 100;

    /// <summary>The id in a payment's metadata; null when there is none that is of use.</summary>
    public static string? Of(string? metadata)
    {
        if (metadata is null || !metadata.Contains(Name, StringComparison.Ordinal)) return null;
        using var json = JsonDocument.Parse(metadata);
        // What ISO 20022 has payers write who gave none means every payment.
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(Name, out var id)
            && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 and <= Max } text && text != "NOTPROVIDED"
            // A sender's own metadata holds what it likes; the database takes not all of it for text.
            && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
    }
}
