using System.Globalization;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats.Camt;

/// <summary>One account's statement while its entries pass by.</summary>
internal sealed class CamtStatement
{
    private const int PaymentsMax = 1_000_000;
    private const int AccountMax = 70;
    private readonly Dictionary<Currency, decimal> booked = [];
    private (decimal Amount, string Currency)? openingBooked, previouslyClosed, closing;

    /// <summary>The statement's own id; empty when it has none.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The account's IBAN, in capitals without blanks, or its other id; null when the statement names none.</summary>
    public string? Account { get; private set; }

    /// <summary>The references of the payments so far.</summary>
    public Repeats References { get; } = new(PaymentsMax);

    /// <summary>Takes note of the statement's Id, Acct or Bal.</summary>
    public void Note(CamtNode node)
    {
        if (node.Name == "Id") Id = ForeignText.Clean(node.Text, AccountMax) ?? "";
        else if (node.Name == "Acct" && node.Find("Id") is { } id) Account = ReadAccount(id);
        else if (node.Name == "Bal" && ReadBalance(node) is { } balance)
        {
            // Previously closed stands in for a missing opening; of several pages the first opening and the last closing count.
            var code = node.TextOf("Tp", "CdOrPrtry", "Cd") ?? node.TextOf("Tp", "Cd");
            if (code == "OPBD") openingBooked ??= balance;
            else if (code == "PRCD") previouslyClosed ??= balance;
            else if (code == "CLBD") closing = balance;
        }
    }

    /// <summary>Counts a booked entry. The credit/debit mark already is the booked direction, of reversals too.</summary>
    public void Book(Money amount, bool credit)
    {
        booked.TryGetValue(amount.Currency, out var sum);
        booked[amount.Currency] = sum + (credit ? amount.MinorUnits : -amount.MinorUnits);
    }

    /// <summary>Why opening balance and entries don't make the closing balance; null when they do, or when either balance is
    /// missing.</summary>
    public string? Mismatch()
    {
        if ((openingBooked ?? previouslyClosed) is not { } opened || closing is not { } closed) return null;
        if (opened.Currency != closed.Currency || Currency.Find(opened.Currency) is not { } currency)
            return $"Statement {Id}: opening balance in {opened.Currency}, closing balance in {closed.Currency}.";
        if (booked.Keys.FirstOrDefault(other => other != currency) is { } odd)
            return $"Statement {Id}: an entry in {odd.Code} in a statement in {currency.Code}.";
        var sum = booked.GetValueOrDefault(currency);
        for (var place = 0; place < currency.Decimals; place++) sum /= 10;
        return opened.Amount + sum == closed.Amount ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"Statement {Id}: {opened.Amount} and entries of {sum} make {opened.Amount + sum} {currency.Code}, not {closed.Amount} as it closes.");
    }

    private static string? ReadAccount(CamtNode id)
    {
        if (id.TextOf("IBAN") is { } iban)
            return ForeignText.Clean(iban.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant(), AccountMax);
        // Versions 1 and 2 have elements of their own for what later is Othr.
        return ForeignText.Clean(id.TextOf("Othr", "Id") ?? id.TextOf("BBAN") ?? id.TextOf("PrtryAcct", "Id")
            ?? id.TextOf("UPIC"), AccountMax);
    }

    private static (decimal, string)? ReadBalance(CamtNode balance)
    {
        // Some banks leave out the mark of a credit balance.
        if (balance.Find("Amt") is not { Text: { } text, Currency: { } currency }) return null;
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (text.Length > Money.TextMax || !decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var amount)) return null;
        if (decimal.Abs(amount) > Money.MinorUnitsMax) return null;
        return (balance.TextOf("CdtDbtInd") == "DBIT" ? -amount : amount, ForeignText.Clean(currency, 3) ?? "");
    }
}
