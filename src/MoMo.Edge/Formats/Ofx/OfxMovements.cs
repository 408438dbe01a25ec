using System.Text.Json.Nodes;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats.Ofx;

/// <summary>Tells what each transaction means for us.</summary>
internal sealed class OfxMovements(StatementSource source, OfxSettings settings)
{
    private string? bank, account;
    private int position;

    /// <summary>CURDEF, of the statement.</summary>
    public string? Currency { get; set; }

    public void BeginStatement() => (bank, account, Currency) = (null, null, null);

    public void NoteAccount(string name, string text)
    {
        if (name == "BANKID") bank = ForeignText.Clean(text, 40);
        else if (name == "ACCTID") account = ForeignText.Clean(text, 70);
    }

    /// <summary>A transaction that another follows before it ends.</summary>
    public FaultEntry Torn() => new(++position, "transaction-torn", "The transaction has no end; what follows it may be part of another.");

    public Entry Read(Dictionary<string, string> values)
    {
        position++;
        if (ForeignText.Whole(values.GetValueOrDefault("FITID")) is not { } id)
            return Fault("psp-reference-missing", "The transaction has no FITID.");
        var reference = Scoped(id);
        if (reference.Length > PaymentNotice.PspReferenceMax) return Fault("psp-reference-too-long", "The transaction's FITID is too long to be kept.");
        if (!values.TryGetValue("TRNAMT", out var amount)) return Fault("amount-missing", "The transaction has no TRNAMT.");
        var code = values.GetValueOrDefault("CURRENCY.CURSYM") ?? Currency;
        if (code is null || MoMo.Domain.Payments.Currency.Find(code.ToUpperInvariant()) is not { } currency)
            return Fault("currency-unknown", $"'{ForeignText.Clean(code, 10)}' is not a currency that can be kept.");
        var (plain, goesOut) = Unsigned(amount, currency);
        var text = Text(values, "MEMO", ForeignText.TextMax) ?? Text(values, "NAME", ForeignText.TextMax);
        if (plain.Length > 0 && !plain.AsSpan().ContainsAnyExcept('0', '.')) return Notice(NoticeKind.Info, reference, null, "A transaction of no money.");
        var parsed = Money.Parse(plain, currency);
        if (parsed.Accepted is not { } money)
            return Fault(parsed.Refused!.Code, parsed.Refused.Code == "amount-malformed" ? $"'{ForeignText.Clean(amount, 40)}' is not an amount." : parsed.Refused.Detail);
        return Sort(values, reference, money, goesOut, text);
    }

    private Entry Sort(Dictionary<string, string> values, string reference, Money money, bool goesOut, string? text)
    {
        var type = values.GetValueOrDefault("TRNTYPE")?.ToUpperInvariant();
        var paidAt = values.TryGetValue("DTPOSTED", out var posted) ? OfxTime.Read(posted, settings.TimeZone) : null;
        if (ForeignText.Whole(values.GetValueOrDefault("CORRECTFITID")) is { } corrected)
        {
            var original = Scoped(corrected) is { Length: <= PaymentNotice.PspReferenceMax } fit ? fit : null;
            return values.GetValueOrDefault("CORRECTACTION") is "DELETE"
                ? new ReversalEntry(position, reference, money, original, null, paidAt, ForeignText.Clean(text, ForeignText.DetailMax))
                : Fault("correction-held", $"The transaction replaces '{ForeignText.Clean(corrected, 60)}'; it is held.");
        }

        if (type == "HOLD") return Notice(NoticeKind.Pending, reference, money, text);
        if (goesOut) return Notice(type is "FEE" or "SRVCHG" ? NoticeKind.Fee : NoticeKind.Outgoing, reference, money, text);
        if (posted is null) return Fault("paid-at-missing", "The transaction has no DTPOSTED.");
        if (paidAt is null) return Fault("paid-at-malformed", $"'{ForeignText.Clean(posted, 40)}' is not a possible day or time.");
        var name = Text(values, "NAME", ForeignText.PayerNameMax) ?? Text(values, "PAYEE.NAME", ForeignText.PayerNameMax);
        var from = Text(values, "BANKACCTTO.ACCTID", ForeignText.PayerNumberMax) ?? Text(values, "CCACCTTO.ACCTID", ForeignText.PayerNumberMax);
        return new PaymentEntry(position, new PaymentNotice
        {
            Psp = source.Psp,
            Adapter = source.Adapter,
            PspReference = reference,
            Amount = money,
            Text = text,
            Shortcode = account,
            PaidAt = paidAt,
            Payer = name is null && from is null ? null : new Payer(name, null, from),
            Metadata = Metadata(values, type),
        });
    }

    /// <summary>
    /// Without its sign, with a point for a comma; and whether the sign is a minus. A comma that three digits follow, of a currency that has fewer
    /// decimals, may stand between thousands: it stays, and the amount is malformed.
    /// </summary>
    private static (string Plain, bool Minus) Unsigned(string amount, MoMo.Domain.Payments.Currency currency)
    {
        var text = amount.AsSpan().Trim();
        var minus = text is ['-', ..];
        if (text is ['-' or '+', ..]) text = text[1..];
        var decimals = text.Length - text.LastIndexOf(',') - 1;
        var plain = text.Contains('.') || (decimals == 3 && currency.Decimals < 3) ? text.ToString() : text.ToString().Replace(',', '.');
        if (plain is ['.', _, ..]) plain = $"0{plain}";
        if (plain is [_, .., '.']) plain = plain[..^1];
        return (plain, minus);
    }

    private string Scoped(string id) => $"{(bank is null ? "" : $"{bank}/")}{account ?? source.Adapter}/{id}";

    private static string? Text(Dictionary<string, string> values, string name, int lengthMax) =>
        values.TryGetValue(name, out var text) ? ForeignText.Clean(text, lengthMax) : null;

    private static string? Metadata(Dictionary<string, string> values, string? type)
    {
        var metadata = new JsonObject();
        if (Text(values, "CHECKNUM", 40) is { } check) metadata["check_number"] = check;
        if (Text(values, "REFNUM", 100) is { } number) metadata["reference_number"] = number;
        if (ForeignText.Clean(type, 20) is { } kind) metadata["type"] = kind;
        return ForeignText.Metadata(metadata);
    }

    private NoticeEntry Notice(NoticeKind kind, string reference, Money? amount, string? detail) =>
        new(position, kind, reference, amount, ForeignText.Clean(detail, ForeignText.DetailMax));

    private FaultEntry Fault(string code, string detail) => new(position, code, detail);
}
