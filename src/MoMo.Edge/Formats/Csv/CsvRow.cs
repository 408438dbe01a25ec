using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Csv;

/// <summary>Tells what each row of a file means for us.</summary>
internal sealed class CsvRow
{
    private const int HashedMax = 2_000_000;
    private const string Unit = "\u001f";
    private readonly CsvSettings settings;
    private readonly StatementSource source;
    private readonly CsvTear torn;
    private readonly CsvAmount amounts;
    private readonly CsvTime times;
    private readonly Repeats repeats = new(HashedMax);
    private readonly (CsvFilter Filter, int Index)[] filters;
    private readonly int[] reference, hash, minus, paidAt, text;
    private readonly int amount, credit, debit, type, currency, zone, account, referenceId, name, phone, payerAccount, shortcode;
    private readonly int fieldsMin, fieldsMax;
    private int lastLine;

    public CsvRow(CsvSettings settings, StatementSource source, CsvHeader header, CsvTear torn)
    {
        (this.settings, this.source, this.torn) = (settings, source, torn);
        amounts = new CsvAmount(settings.DecimalMark, settings.ThousandsMarks);
        times = new CsvTime(settings.PaidAtFormats, settings.TimeZone);
        var columns = settings.Columns;
        (reference, hash, minus) = (header.Find(columns.PspReference), header.Find(columns.PspReferenceHash),
            header.Find(columns.AmountMinus));
        (paidAt, text) = (header.Find(columns.PaidAt), header.Find(columns.Text));
        (amount, credit, debit) = (header.Find(columns.Amount), header.Find(columns.Credit), header.Find(columns.Debit));
        (type, currency, zone) = (header.Find(columns.Type), header.Find(columns.Currency), header.Find(columns.Zone));
        (account, referenceId, shortcode) = (header.Find(columns.Account), header.Find(columns.Reference), header.Find(columns.Shortcode));
        (name, phone, payerAccount) = (header.Find(columns.PayerName), header.Find(columns.PayerPhone), header.Find(columns.PayerAccount));
        filters = [.. settings.Filters.Select(filter => (filter, header.Find(filter.Column)))];
        header.Close();
        fieldsMax = header.Count == 0 ? int.MaxValue : header.Count;
        fieldsMin = settings.ShortRows ? 1 : Math.Max(header.Count, 1);
        if (header.Count == 0 && !settings.ShortRows)
            fieldsMin = 1 + reference.Concat(hash).Concat(paidAt).Append(Math.Max(amount, credit)).Append(currency).Max();
    }

    /// <summary>Null for a row that is to be ignored.</summary>
    public Entry? Read(CsvParser row)
    {
        var position = row.Row;
        var lines = row.RawRow - lastLine;
        lastLine = row.RawRow;
        torn.Take();
        try
        {
            return ReadRow(row, position, lines);
        }
        catch (CsvTornException)
        {
            return new FaultEntry(position, "row-torn", "The row's quotation marks do not match in many of its fields.");
        }
    }

    private Entry? ReadRow(CsvParser row, int position, int lines)
    {
        if (Empty(row)) return null;
        if (Misshapen(row, lines) is { } shape) return new FaultEntry(position, shape.Code, shape.Detail);
        var filtered = Filtered(row);
        if (filtered is { Otherwise: null }) return null;
        if (FindCurrency(row) is not { } known)
            return filtered is null
                ? Fault(position, "currency-unknown", Field(row, currency)) : Notice(position, filtered.Otherwise.Value, row, null);
        if (ReadAmount(row, known, out var minor) is { } fault)
            return filtered is null
                ? new FaultEntry(position, fault.Code, fault.Detail) : Notice(position, filtered.Otherwise.Value, row, null);

        var money = minor == 0 ? null : new Money(Math.Abs(minor), known);
        if (filtered is not null) return Notice(position, filtered.Otherwise.Value, row, money);
        if (minor < 0) return Notice(position, NoticeKind.Outgoing, row, money);
        if (money is null) return Notice(position, NoticeKind.Info, row, null);
        return TakeOff(row, position, money);
    }

    /// <summary>A row whose fields may not be where the header says: nothing of it is believed.</summary>
    private FieldFault? Misshapen(CsvParser row, int lines)
    {
        if (row.Count < fieldsMin)
            return new FieldFault("", "row-short", $"The row has {row.Count} fields, not {fieldsMin}; it may be cut off.");
        for (var index = fieldsMax; index < row.Count; index++)
            if (!Blank(row, index))
                return new FieldFault("", "row-long", "The row has more fields than the header; a delimiter may stand in a text.");

        // A quote too many or too few can swallow the rows that follow, in a field that nobody reads.
        for (var index = 0; lines > 1 && index < row.Count; index++) _ = row[index];
        return torn.Take()
            ? new FieldFault("", "row-torn", "The row's quotation marks do not match; rows after it may be lost in it.") : null;
    }

    private Entry TakeOff(CsvParser row, int position, Money whole)
    {
        var left = whole.MinorUnits;
        foreach (var index in minus)
        {
            if (amounts.Read(Field(row, index), whole.Currency, out var off) is { } fault)
                return new FaultEntry(position, fault.Code, fault.Detail);
            left -= Math.Abs(off);
        }

        if (left < 0) return new FaultEntry(position, "amount-contradictory", "More is taken off the amount than there is.");
        return left == 0 ? Notice(position, NoticeKind.Reversal, row, whole) : Payment(row, position, whole with { MinorUnits = left });
    }

    private Entry Payment(CsvParser row, int position, Money money)
    {
        PaidAt? at = null;
        if (paidAt.Length > 0 && (at = times.Read(Joined(row, paidAt, " "), zone < 0 ? null : Field(row, zone))) is null)
            return Fault(position, "paid-at-malformed", Joined(row, paidAt, " "));
        if (ForeignText.Whole(account < 0 ? null : Field(row, account)) is { } accountId && accountId.Length > PaymentNotice.NameMax)
            return Fault(position, "account-too-long", accountId);
        if (ForeignText.Whole(referenceId < 0 ? null : Field(row, referenceId)) is { } given && given.Length > PaymentNotice.NameMax)
            return Fault(position, "reference-too-long", given);
        var notice = new PaymentNotice
        {
            Psp = source.Psp,
            Adapter = source.Adapter,
            PspReference = Reference(row) ?? "",
            Amount = money,
            AccountId = Clean(row, account, PaymentNotice.NameMax),
            ReferenceId = Clean(row, referenceId, PaymentNotice.NameMax),
            Text = Text(row),
            Shortcode = Clean(row, shortcode, PaymentNotice.NameMax),
            PaidAt = at,
            Payer = PayerOf(row),
        };
        if (torn.Take()) return new FaultEntry(position, "row-torn", "The row's quotation marks do not match.");
        if (notice.PspReference.Length == 0)
            return new FaultEntry(position, "psp-reference-missing", "The row has no id; a payment needs one.");
        if (notice.PspReference.Length > PaymentNotice.PspReferenceMax)
            return new FaultEntry(position, "psp-reference-too-long",
                $"The row's id has more than {PaymentNotice.PspReferenceMax} characters.");
        if (hash.Length == 0) return new PaymentEntry(position, notice);
        var repeat = repeats.Next(notice.PspReference);
        return new PaymentEntry(position, repeat == 1 ? notice : notice with { PspReference = $"{notice.PspReference}*{repeat}" });
    }

    private CsvFilter? Filtered(CsvParser row)
    {
        foreach (var (filter, index) in filters)
            if (!filter.Passes(Field(row, index))) return filter;
        return null;
    }

    private Currency? FindCurrency(CsvParser row)
    {
        var code = currency < 0 ? default : Field(row, currency).AsSpan().Trim();
        if (code.IsEmpty) return settings.Currency;
        if (code.Length != 3) return null;
        Span<char> capitals = stackalloc char[3];
        code.ToUpperInvariant(capitals);
        return Currency.Find(capitals);
    }

    private FieldFault? ReadAmount(CsvParser row, Currency known, out long minor)
    {
        minor = 0;
        if (Blank(row, amount) && Blank(row, credit) && Blank(row, debit))
            return new FieldFault("amount", "amount-missing", "The row has no amount.");
        if (amount < 0) return ReadTwoColumns(row, known, out minor);
        if (amounts.Read(Field(row, amount), known, out minor) is { } refusal) return refusal.Faults[0];
        if (type < 0) return null;
        var field = Field(row, type).AsSpan().Trim();
        foreach (var value in settings.CreditTypes)
            if (CsvFilter.Fits(field, value)) return null;
        foreach (var value in settings.DebitTypes)
        {
            if (!CsvFilter.Fits(field, value)) continue;
            minor = -Math.Abs(minor);
            return null;
        }

        return new FieldFault("type", "type-unknown",
            $"'{ForeignText.Clean(Field(row, type), 40)}' is neither a type of money coming in nor of money going out.");
    }

    private FieldFault? ReadTwoColumns(CsvParser row, Currency known, out long minor)
    {
        var outgoing = 0L;
        if (amounts.Read(Field(row, credit), known, out minor) is { } refusal) return refusal.Faults[0];
        if (debit >= 0 && amounts.Read(Field(row, debit), known, out outgoing) is { } other) return other.Faults[0];
        if (minor != 0 && outgoing != 0) return new FieldFault("amount", "amount-contradictory", "Money comes in and goes out in one row.");
        if (outgoing != 0) minor = -Math.Abs(outgoing);
        return null;
    }

    private string? Reference(CsvParser row)
    {
        if (hash.Length == 0)
        {
            var id = ForeignText.Whole(Joined(row, reference, "/"));
            return id.AsSpan().Trim('/').IsEmpty ? null : settings.PspReferencePrefix + id;
        }

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(Unit, hash.Select(index => Field(row, index).Trim()))));
        return $"{settings.PspReferencePrefix}{Convert.ToHexStringLower(digest.AsSpan(0, 16))}";
    }

    private string? Text(CsvParser row)
    {
        if (text.Length == 0) return null;
        var whole = Joined(row, text, " ");
        foreach (var mark in settings.TextAfter)
        {
            var at = whole.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
            if (at >= 0) return ForeignText.Clean(whole[(at + mark.Length)..], ForeignText.TextMax);
        }

        return ForeignText.Clean(whole, ForeignText.TextMax);
    }

    private Payer? PayerOf(CsvParser row)
    {
        var payer = new Payer(
            Clean(row, name, ForeignText.PayerNameMax), Clean(row, phone, ForeignText.PayerNumberMax),
                Clean(row, payerAccount, ForeignText.PayerNumberMax));
        return payer is { Name: null, Phone: null, Account: null } ? null : payer;
    }

    // Its hash is told but not counted: a notice is no twin of a payment.
    private NoticeEntry Notice(int position, NoticeKind kind, CsvParser row, Money? money) =>
        new(position, kind, Reference(row) is { Length: <= PaymentNotice.PspReferenceMax } id ? id : null, money,
            ForeignText.Clean(Text(row), ForeignText.DetailMax));

    private static FaultEntry Fault(int position, string code, string field) =>
        new(position, code, $"'{ForeignText.Clean(field, 100)}' cannot be taken.");

    private static string? Clean(CsvParser row, int index, int lengthMax) =>
        index < 0 ? null : ForeignText.Clean(Field(row, index), lengthMax);

    private static string Joined(CsvParser row, int[] indexes, string separator) =>
        indexes.Length == 1 ? Field(row, indexes[0]) : string.Join(separator, indexes.Select(index => Field(row, index).Trim()));

    private static bool Blank(CsvParser row, int index) => index < 0 || string.IsNullOrWhiteSpace(Field(row, index));

    private static bool Empty(CsvParser row)
    {
        for (var index = 0; index < row.Count; index++)
            if (!Blank(row, index)) return false;
        return true;
    }

    private static string Field(CsvParser row, int index) => index < row.Count ? row[index] : "";
}
