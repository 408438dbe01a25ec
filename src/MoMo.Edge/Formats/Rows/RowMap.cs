using System.Security.Cryptography;
using System.Text;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Rows;

/// <summary>Tells what each row of a file means for us.</summary>
internal sealed class RowMap
{
    private const int HashedMax = 2_000_000;
    private const string Unit = "\u001f";
    private readonly RowSettings settings;
    private readonly StatementSource source;
    private readonly Func<int, string> read;
    private readonly RowAmount amounts;
    private readonly RowTime times;
    private readonly Repeats repeats = new(HashedMax);
    private readonly (RowFilter Filter, int Index)[] filters;
    private readonly int[] reference, hash, minus, paidAt, text;
    private readonly int amount, credit, debit, type, currency, zone, account, referenceId, name, phone, payerAccount, shortcode;
    private readonly int original;

    /// <param name="settings">What a row's fields mean.</param>
    /// <param name="source">The adapter that the file came through.</param>
    /// <param name="header">Where the fields are.</param>
    /// <param name="read">A field of the row being read; empty where the row has none.</param>
    public RowMap(RowSettings settings, StatementSource source, RowHeader header, Func<int, string> read)
    {
        (this.settings, this.source, this.read) = (settings, source, read);
        amounts = new RowAmount(settings.DecimalMark, settings.ThousandsMarks);
        times = new RowTime(settings.PaidAtFormats, settings.TimeZone);
        var columns = settings.Columns;
        (reference, hash, minus) = (header.Find(columns.PspReference), header.Find(columns.PspReferenceHash),
            header.Find(columns.AmountMinus));
        (paidAt, text) = (header.Find(columns.PaidAt), header.Find(columns.Text));
        (amount, credit, debit) = (header.Find(columns.Amount), header.Find(columns.Credit), header.Find(columns.Debit));
        (type, currency, zone) = (header.Find(columns.Type), header.Find(columns.Currency), header.Find(columns.Zone));
        (account, referenceId, shortcode) = (header.Find(columns.Account), header.Find(columns.Reference), header.Find(columns.Shortcode));
        (name, phone, payerAccount) = (header.Find(columns.PayerName), header.Find(columns.PayerPhone), header.Find(columns.PayerAccount));
        original = header.Find(columns.OriginalReference);
        filters = [.. settings.Filters.Select(filter => (filter, header.Find(filter.Column)))];
        header.Close();
        FieldsMin = 1 + reference.Concat(hash).Concat(paidAt).Append(Math.Max(amount, credit)).Append(currency).Max();
    }

    /// <summary>Fields that a row without a header must have.</summary>
    public int FieldsMin { get; }

    /// <summary>Null for a row that is to be ignored.</summary>
    public Entry? Read(int position)
    {
        var filtered = Filtered();
        if (filtered is { Otherwise: null, Reverses: false }) return null;
        if (FindCurrency() is not { } known)
            return filtered?.Otherwise is { } unknown ? Notice(position, unknown, null) : Fault(position, "currency-unknown", Field(currency));
        if (ReadAmount(known, out var minor) is { } fault)
            return filtered?.Otherwise is { } unread ? Notice(position, unread, null) : new FaultEntry(position, fault.Code, fault.Detail);

        var money = minor == 0 ? null : new Money(Math.Abs(minor), known);
        if (filtered is { Otherwise: { } otherwise }) return Notice(position, otherwise, money);
        if (money is null) return Notice(position, NoticeKind.Info, null);
        // A reversal that comes in is our own money coming back; of an amount without a column of its own nobody knows, and the row says reversal.
        if (filtered is not null) return amount < 0 && minor > 0 ? Notice(position, NoticeKind.Return, money) : Reversal(position, money);
        return minor < 0 ? Notice(position, NoticeKind.Outgoing, money) : TakeOff(position, money);
    }

    private Entry Reversal(int position, Money money)
    {
        if (Reference() is not { Length: <= PaymentNotice.PspReferenceMax } id)
            return new FaultEntry(position, "psp-reference-missing", "The row has no id that can be kept; a reversal needs one.");
        var repeat = hash.Length == 0 ? 1 : repeats.Next($"back/{id}");
        var at = paidAt.Length > 0 ? times.Read(Joined(paidAt, " "), zone < 0 ? null : Field(zone)) : null;
        var taken = original >= 0 && ForeignText.Whole(Field(original)) is { } reversed ? settings.PspReferencePrefix + reversed : null;
        if (taken?.Length > PaymentNotice.PspReferenceMax) taken = null;
        return new ReversalEntry(
            position, repeat == 1 ? id : $"{id}*{repeat}", money, taken, null, at, ForeignText.Clean(Text(), ForeignText.DetailMax));
    }

    private Entry TakeOff(int position, Money whole)
    {
        var left = whole.MinorUnits;
        foreach (var index in minus)
        {
            if (amounts.Read(Field(index), whole.Currency, out var off) is { } fault)
                return new FaultEntry(position, fault.Code, fault.Detail);
            left -= Math.Abs(off);
        }

        if (left < 0) return new FaultEntry(position, "amount-contradictory", "More is taken off the amount than there is.");
        if (left > 0) return Payment(position, whole with { MinorUnits = left });
        // Taken back as a whole since: the row is its own reversal.
        return Reference() is { Length: <= PaymentNotice.PspReferenceMax - 10 } id
            ? new ReversalEntry(position, $"{id}/reversed", whole, id, null, null, ForeignText.Clean(Text(), ForeignText.DetailMax))
            : new FaultEntry(position, "psp-reference-missing", "The row has no id that can be kept; a reversal needs one.");
    }

    private Entry Payment(int position, Money money)
    {
        PaidAt? at = null;
        if (paidAt.Length > 0 && (at = times.Read(Joined(paidAt, " "), zone < 0 ? null : Field(zone))) is null)
            return Fault(position, "paid-at-malformed", Joined(paidAt, " "));
        if (ForeignText.Whole(account < 0 ? null : Field(account)) is { } accountId && accountId.Length > PaymentNotice.NameMax)
            return Fault(position, "account-too-long", accountId);
        if (ForeignText.Whole(referenceId < 0 ? null : Field(referenceId)) is { } given && given.Length > PaymentNotice.NameMax)
            return Fault(position, "reference-too-long", given);
        var notice = new PaymentNotice
        {
            Psp = source.Psp,
            Adapter = source.Adapter,
            PspReference = Reference() ?? "",
            Amount = money,
            AccountId = Clean(account, PaymentNotice.NameMax),
            ReferenceId = Clean(referenceId, PaymentNotice.NameMax),
            Text = Text(),
            Shortcode = Clean(shortcode, PaymentNotice.NameMax),
            PaidAt = at,
            Payer = PayerOf(),
        };
        if (notice.PspReference.Length == 0)
            return new FaultEntry(position, "psp-reference-missing", "The row has no id; a payment needs one.");
        if (notice.PspReference.Length > PaymentNotice.PspReferenceMax)
            return new FaultEntry(position, "psp-reference-too-long",
                $"The row's id has more than {PaymentNotice.PspReferenceMax} characters.");
        if (hash.Length == 0) return new PaymentEntry(position, notice);
        var repeat = repeats.Next(notice.PspReference);
        return new PaymentEntry(position, repeat == 1 ? notice : notice with { PspReference = $"{notice.PspReference}*{repeat}" });
    }

    private RowFilter? Filtered()
    {
        foreach (var (filter, index) in filters)
            if (!filter.Passes(Field(index))) return filter;
        return null;
    }

    private Currency? FindCurrency()
    {
        var code = currency < 0 ? default : Field(currency).AsSpan().Trim();
        if (code.IsEmpty) return settings.Currency;
        if (code.Length != 3) return null;
        Span<char> capitals = stackalloc char[3];
        code.ToUpperInvariant(capitals);
        return Currency.Find(capitals);
    }

    private FieldFault? ReadAmount(Currency known, out long minor)
    {
        minor = 0;
        if (Blank(amount) && Blank(credit) && Blank(debit))
            return new FieldFault("amount", "amount-missing", "The row has no amount.");
        if (amount < 0) return ReadTwoColumns(known, out minor);
        if (amounts.Read(Field(amount), known, out minor) is { } refusal) return refusal.Faults[0];
        if (type < 0) return null;
        var field = Field(type).AsSpan().Trim();
        foreach (var value in settings.CreditTypes)
            if (RowFilter.Fits(field, value)) return null;
        foreach (var value in settings.DebitTypes)
        {
            if (!RowFilter.Fits(field, value)) continue;
            minor = -Math.Abs(minor);
            return null;
        }

        return new FieldFault("type", "type-unknown",
            $"'{ForeignText.Clean(Field(type), 40)}' is neither a type of money coming in nor of money going out.");
    }

    private FieldFault? ReadTwoColumns(Currency known, out long minor)
    {
        var outgoing = 0L;
        if (amounts.Read(Field(credit), known, out minor) is { } refusal) return refusal.Faults[0];
        if (debit >= 0 && amounts.Read(Field(debit), known, out outgoing) is { } other) return other.Faults[0];
        if (minor != 0 && outgoing != 0) return new FieldFault("amount", "amount-contradictory", "Money comes in and goes out in one row.");
        if (outgoing != 0) minor = -Math.Abs(outgoing);
        return null;
    }

    private string? Reference()
    {
        if (hash.Length == 0)
        {
            var id = ForeignText.Whole(Joined(reference, "/"));
            return id.AsSpan().Trim('/').IsEmpty ? null : settings.PspReferencePrefix + id;
        }

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(Unit, hash.Select(index => Field(index).Trim()))));
        return $"{settings.PspReferencePrefix}{Convert.ToHexStringLower(digest.AsSpan(0, 16))}";
    }

    private string? Text()
    {
        if (text.Length == 0) return null;
        var whole = settings.TextOfFirst ? Field(text.FirstOrDefault(index => !Blank(index), text[0])) : Joined(text, " ");
        foreach (var mark in settings.TextAfter)
        {
            var at = whole.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
            if (at >= 0) return ForeignText.Clean(whole[(at + mark.Length)..], ForeignText.TextMax);
        }

        return ForeignText.Clean(whole, ForeignText.TextMax);
    }

    private Payer? PayerOf()
    {
        var payer = new Payer(
            Clean(name, ForeignText.PayerNameMax), Clean(phone, ForeignText.PayerNumberMax),
                Clean(payerAccount, ForeignText.PayerNumberMax));
        return payer is { Name: null, Phone: null, Account: null } ? null : payer;
    }

    // Its hash is told but not counted: a notice is no twin of a payment.
    private NoticeEntry Notice(int position, NoticeKind kind, Money? money) =>
        new(position, kind, Reference() is { Length: <= PaymentNotice.PspReferenceMax } id ? id : null, money,
            ForeignText.Clean(Text(), ForeignText.DetailMax));

    private static FaultEntry Fault(int position, string code, string field) =>
        new(position, code, $"'{ForeignText.Clean(field, 100)}' cannot be taken.");

    private string? Clean(int index, int lengthMax) =>
        index < 0 ? null : ForeignText.Clean(Field(index), lengthMax);

    private string Joined(int[] indexes, string separator) =>
        indexes.Length == 1 ? Field(indexes[0]) : string.Join(separator, indexes.Select(index => Field(index).Trim()));

    private bool Blank(int index) => index < 0 || string.IsNullOrWhiteSpace(Field(index));

    private string Field(int index) => read(index);
}
