using System.Text;

namespace MoMo.Edge.Formats.Camt;

/// <summary>What the payer wrote.</summary>
internal static class CamtRemittance
{
    private const int PartsMax = 100;

    /// <summary>Creditor references; else the free text; else the end-to-end id; null when there is none of them.</summary>
    public static string? Text(CamtNode? detail)
    {
        var structured = string.Join(' ', References(detail).Distinct());
        var text = structured.Length > 0 ? structured : Free(detail) ?? EndToEndId(detail);
        return ForeignText.Clean(text, ForeignText.TextMax);
    }

    /// <summary>The end-to-end id, if the payer gave one.</summary>
    public static string? EndToEndId(CamtNode? detail) =>
        GivenId.Of(detail?.TextOf("Refs", "EndToEndId"), 100);

    /// <summary>Creditor references of ISO 11649 whose check digits are wrong.</summary>
    public static IEnumerable<string> WrongReferences(CamtNode? detail) =>
        References(detail).Where(reference => !ChecksOut(reference)).Take(PartsMax);

    private static IEnumerable<string> References(CamtNode? detail) => (detail?.Find("RmtInf")?.All("Strd") ?? [])
        .Select(structured => structured.TextOf("CdtrRefInf", "Ref") ?? structured.TextOf("CdtrRefInf", "CdtrRef"))
        .Select(reference => ForeignText.Clean(reference, ForeignText.TextMax)).OfType<string>().Take(PartsMax);

    /// <summary>Parts joined by blanks; but a part that fills its line (35 or 140 characters) goes on in the next without one.</summary>
    private static string? Free(CamtNode? detail)
    {
        if (detail?.Find("RmtInf") is not { } remittance) return null;
        var joined = new StringBuilder();
        foreach (var part in remittance.All("Ustrd").Take(PartsMax))
        {
            joined.Append(part.RawText);
            if (part.RawText.Length is not (35 or 140)) joined.Append(' ');
        }

        return ForeignText.Clean(joined.ToString(), ForeignText.TextMax);
    }

    /// <summary>ISO 11649: RF, two check digits and up to 21 letters and digits; the four first moved to the end, letters as 10 to 35,
    /// leave 1 modulo 97.</summary>
    private static bool ChecksOut(string reference)
    {
        var compact = reference.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (compact is not ['R', 'F', >= '0' and <= '9', >= '0' and <= '9', ..]) return true;
        if (compact.Length is < 5 or > 25) return false;
        var rest = 0;
        foreach (var letter in compact[4..] + compact[..4])
        {
            if (!char.IsAsciiLetterOrDigit(letter)) return false;
            rest = char.IsAsciiDigit(letter) ? (rest * 10 + letter - '0') % 97 : (rest * 100 + letter - 'A' + 10) % 97;
        }

        return rest == 1;
    }
}
