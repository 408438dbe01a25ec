namespace MoMo.Edge.Formats.Mt940;

/// <summary>What field :86: tells of a line.</summary>
/// <param name="Text">What the payer wrote.</param>
/// <param name="EndToEndId">The id the payer gave the payment.</param>
/// <param name="CreditorReference">The reference the payer was asked to give.</param>
/// <param name="PayerName">Who paid.</param>
/// <param name="PayerAccount">From where.</param>
internal sealed record MtDetails(
    string? Text = null, string? EndToEndId = null, string? CreditorReference = null, string? PayerName = null, string? PayerAccount = null)
{
    private const int WidthMax = 65;

    /// <summary>Reads it: numbered subfields (<c>?20…</c>), codes between slashes (<c>/REMI/…</c>), or plain text.</summary>
    public static MtDetails Read(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return new MtDetails();
        var joined = string.Concat(lines);
        if (MtSubfields.Separator(joined) is { } separator) return MtSubfields.Read(joined.TrimStart(), separator);
        var text = Unwrap(lines);
        return MtSlashCodes.Read(text) ?? new MtDetails(Clean(text));
    }

    public static string? Clean(string? text) => ForeignText.Clean(text, ForeignText.TextMax);

    /// <summary>Without what stands for nothing.</summary>
    public static string? Given(string? id) => GivenId.Of(id, ForeignText.TextMax);

    /// <summary>Lines joined by blanks; but a full line goes on in the next without one.</summary>
    private static string Unwrap(IReadOnlyList<string> lines)
    {
        var text = new System.Text.StringBuilder();
        foreach (var line in lines)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            text.Append(line);
            if (line.Length < WidthMax) text.Append(' ');
        }

        return text.ToString();
    }
}
