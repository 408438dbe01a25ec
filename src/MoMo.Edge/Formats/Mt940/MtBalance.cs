namespace MoMo.Edge.Formats.Mt940;

/// <summary>An opening or closing balance.</summary>
/// <param name="Amount">Below zero for a debit.</param>
/// <param name="Currency">As written.</param>
/// <param name="Day">YYMMDD.</param>
internal sealed record MtBalance(decimal Amount, string Currency, string Day)
{
    /// <summary>Reads such as <c>C260313EUR1000,00</c>; null when it is none.</summary>
    public static MtBalance? Read(string text)
    {
        text = text.Trim();
        if (text is not ['C' or 'D', ..] || text.Length < 11 || text.AsSpan(1, 6).ContainsAnyExceptInRange('0', '9')) return null;
        var currency = text[7..10];
        if (!currency.All(char.IsAsciiLetterUpper) || MtAmount.Plain(text.AsSpan(10)) is not { } plain
            || MtAmount.Value(plain) is not { } amount) return null;
        return new MtBalance(text[0] == 'D' ? -amount : amount, currency, text[1..7]);
    }
}
