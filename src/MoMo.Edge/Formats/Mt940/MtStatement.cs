using System.Globalization;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>One message while its fields pass by.</summary>
internal sealed class MtStatement(bool interim)
{
    private const int PaymentsMax = 1_000_000;
    private const int AccountMax = 70;
    private MtBalance? opening;
    private decimal moved;
    private string? unreadable;
    private bool numbered;

    /// <summary>:25:, in capitals without blanks; null when the message names none.</summary>
    public string? Account { get; private set; }

    /// <summary>:28C:, or :20: where there is none.</summary>
    public string Number { get; private set; } = "";

    /// <summary>Of the opening balance, or of an interim report's floor limit.</summary>
    public string? Currency { get; private set; }

    /// <summary>What is shown may still change.</summary>
    public bool IsInterim { get; private set; } = interim;

    /// <summary>A closing balance is still to come.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Its closing balance has come.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The line of its first entry; 0 before.</summary>
    public int FirstEntry { get; set; }

    /// <summary>The references of the payments so far.</summary>
    public Repeats References { get; } = new(PaymentsMax);

    /// <summary>Takes note of a field that is no entry.</summary>
    /// <returns>Why the statement is to be held, with a code; null when nothing speaks against it so far.</returns>
    public (string Code, string Detail)? Note(MtField field)
    {
        var text = field.First.Trim();
        switch (field.Tag)
        {
            case "20" when !numbered:
                Number = ForeignText.Clean(text, AccountMax) ?? "";
                break;
            case "28" or "28C":
                (numbered, Number) = (true, ForeignText.Clean(text, AccountMax) ?? "");
                break;
            case "25" or "25P" when opening is null:
                Account = ReadAccount(text);
                break;
            case "34F":
                IsInterim = true;
                if (text.Length >= 3 && Currency is null) Currency = text[..3];
                break;
            case "13D":
                IsInterim = true;
                break;
            case "60" or "60F" or "60M":
                IsOpen = true;
                opening = MtBalance.Read(text);
                if (opening is null) unreadable = text;
                Currency = opening?.Currency ?? Currency;
                break;
            case "62" or "62F" or "62M" when IsOpen:
                (IsOpen, IsClosed) = (false, true);
                return Close(text);
        }

        return null;
    }

    /// <summary>Counts an entry.</summary>
    public void Book(decimal signed) => moved += signed;

    private (string, string)? Close(string text)
    {
        if (MtBalance.Read(text) is not { } closing || opening is null)
            return ("balance-unreadable", $"Statement {Number}: '{ForeignText.Clean(unreadable ?? text, 40)}' is no balance.");
        if (closing.Currency != opening.Currency)
            return ("currency-changed", $"Statement {Number} opens in {opening.Currency} and closes in {closing.Currency}.");
        if (opening.Amount + moved == closing.Amount)
            return numbered ? null : ("number-missing", $"Statement {Number} has no number in :28C:, by which pages and copies are known.");
        return ("balance-mismatch", string.Create(CultureInfo.InvariantCulture,
            $"Statement {Number}: {opening.Amount} and entries of {moved} make {opening.Amount + moved} {opening.Currency}, not {closing.Amount} as it closes."));
    }

    /// <summary>Some banks write the account's currency behind it.</summary>
    private static string? ReadAccount(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 1 && parts[^1].Length == 3 && parts[^1].All(char.IsAsciiLetterUpper)) parts = parts[..^1];
        return ForeignText.Clean(string.Concat(parts).ToUpperInvariant(), AccountMax);
    }
}
