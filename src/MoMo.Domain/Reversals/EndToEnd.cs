using System.Text.RegularExpressions;

namespace MoMo.Domain.Reversals;

/// <summary>The id that a payer gave a payment and that banks repeat when they return it.</summary>
public static partial class EndToEnd
{
    /// <summary>The id in a payment's metadata; null when there is none that is of use. ISO 20022 has 35 characters.</summary>
    public static string? Of(string? metadata) =>
        // What ISO 20022 has payers write who gave none means every payment.
        metadata is not null && InMetadata.Match(metadata) is { Success: true } found && found.Groups[1].Value is not "NOTPROVIDED" and var id ? id : null;

    /// <summary>
    /// As the database's index payments_end_to_end has it, which never reads JSON: what one of the two saw and the other not would make two payments with
    /// one id seem to be the only ones. So an id that is written with escapes is none.
    /// </summary>
    [GeneratedRegex("""
        "end_to_end_id"\s*:\s*"([^"\\]{1,100})"
        """, RegexOptions.CultureInvariant)]
    private static partial Regex InMetadata { get; }
}
