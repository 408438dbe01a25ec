using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Camt;

/// <summary>Tells what each entry of a statement means for us.</summary>
internal sealed class CamtMovements(StatementSource source, CamtSettings settings)
{
    private readonly List<Entry> found = [];

    /// <summary>Movements so far.</summary>
    public int Position { get; private set; }

    /// <summary>What an entry says: payments, a notice, or a fault that holds it. Valid until the next call.</summary>
    public IReadOnlyList<Entry> Read(CamtNode entry, CamtStatement statement)
    {
        found.Clear();
        if (entry.Find("Amt") is not { Text: not null } amountNode || entry.TextOf("CdtDbtInd") is not ("CRDT" or "DBIT")
            || amountNode.Currency is null)
        {
            Fault("entry-incomplete", "An entry needs Amt with Ccy, and CdtDbtInd CRDT or DBIT.");
            return found;
        }

        var credit = entry.TextOf("CdtDbtInd") == "CRDT";
        // Version 8 put the status into a choice. Some banks leave it out of statements, which hold booked entries only.
        var status = entry.Find("Sts") is { } given ? given.TextOf("Cd") ?? given.TextOf("Prtry") ?? given.Text ?? "" : "BOOK";
        CamtAmount.Parse(amountNode).Match(
            amount => Sort(new Movement(entry, statement, amount, credit), status),
            refusal => refusal.Code == "amount-not-positive" && amountNode.Text is not ['-', ..]
                ? Notice(NoticeKind.Info, null, null, "An entry of no money.")
                : Fault(refusal.Code, refusal.Detail));
        return found;
    }

    private bool Sort(Movement movement, string status)
    {
        if (status != "BOOK")
        {
            var kind = status is "PDNG" or "FUTR" ? NoticeKind.Pending : NoticeKind.Info;
            return Notice(kind, Reference(movement, null, 0), movement.Amount, $"Status {ForeignText.Clean(status, 40)}.");
        }

        movement.Statement.Book(movement.Amount, movement.Credit);
        if (movement.Statement.Account is null) return Fault("account-missing", "The statement does not name its account.");
        List<CamtNode> details = [.. Groups(movement.Entry).SelectMany(group => group.All("TxDtls"))];
        var reversal = movement.Entry.TextOf("RvslInd") is "true" or "1";
        if (!movement.Credit && !reversal && !details.Exists(detail => detail.Find("RtrInf") is not null))
            return Notice(NoticeKind.Outgoing, Reference(movement, details.Count == 1 ? details[0] : null, 0), movement.Amount, null);

        if (Parts(movement, details) is not { } parts) return true;
        foreach (var part in parts)
        {
            var back = reversal || part.Detail?.Find("RtrInf") is not null;
            if (!settings.MakesPayments && (movement.Credit ? !back : back))
            {
                Notice(back ? NoticeKind.Reversal : NoticeKind.Info, Reference(movement, part.Detail, part.Ordinal), part.Amount, CamtRemittance.Text(part.Detail));
                continue;
            }

            if (back || !movement.Credit) Back(movement, part, back);
            else Payment(movement, part);
        }

        return true;
    }

    /// <summary>The entry's transactions with their amounts; the whole entry where it is but one. Null when they contradict the entry,
    /// which is then held.</summary>
    private List<Part>? Parts(Movement movement, List<CamtNode> details)
    {
        var numbered = details.Count > 1
            || Groups(movement.Entry).Any(group => group.TextOf("Btch", "NbOfTxs")?.TrimStart('0') is not (null or "1" or ""));
        List<CamtNode?> amounts = [.. details.Select(detail => detail.Find("Amt") ?? detail.Find("AmtDtls", "TxAmt", "Amt"))];
        // Of one transaction the entry tells the booked amount; details without amounts cannot be told apart.
        if (!numbered || amounts.TrueForAll(amount => amount is null))
            return [new Part(details.Count == 1 ? details[0] : null, movement.Amount, 0)];

        List<Part> parts = [];
        Int128 sum = 0;
        for (var index = 0; index < details.Count; index++)
        {
            if (amounts[index] is not { Text: not null, Currency: not null } node || CamtAmount.Parse(node).Accepted is not { } amount
                || amount.Currency != movement.Amount.Currency)
            {
                Fault("batch-unreadable",
                    $"Transaction {index + 1} of a batch has no amount in its currency; the {movement.Amount} are held.");
                return null;
            }

            sum += amount.MinorUnits;
            parts.Add(new Part(details[index], amount, details.Count == 1 ? 0 : index + 1));
        }

        if (sum == movement.Amount.MinorUnits) return parts;
        Fault("batch-sum-mismatch", $"The transactions of a batch do not add up to the entry's {movement.Amount}; it is held.");
        return null;
    }

    /// <summary>What holds Btch and TxDtls: NtryDtls since version 2, the entry itself in version 1.</summary>
    private static IEnumerable<CamtNode> Groups(CamtNode entry) => entry.All("NtryDtls").Append(entry);

    private void Payment(Movement movement, Part part)
    {
        PaidAt? paidAt = null;
        if (BookedOn(movement.Entry) is { } text && (paidAt = ForeignTime.ReadIso(text, settings.TimeZone)) is null)
        {
            Fault("paid-at-malformed", $"'{ForeignText.Clean(text, 40)}' is not a possible date or time.");
            return;
        }

        var reference = Reference(movement, part.Detail, part.Ordinal);
        var repeat = movement.Statement.References.Next(reference);
        Position++;
        found.Add(new PaymentEntry(Position, new PaymentNotice
        {
            Psp = source.Psp,
            Adapter = source.Adapter,
            PspReference = Fit(repeat == 1 ? reference : $"{reference}*{repeat}"),
            Amount = part.Amount,
            Text = CamtRemittance.Text(part.Detail),
            Shortcode = movement.Statement.Account,
            PaidAt = paidAt,
            Payer = PayerOf(part.Detail),
            Metadata = Metadata(movement.Entry, part.Detail),
        }));
        foreach (var wrong in CamtRemittance.WrongReferences(part.Detail))
            found.Add(new WarningEntry(Position, "creditor-reference-check",
                $"The check digits of '{wrong}' are wrong; the money is kept."));
    }

    private void Back(Movement movement, Part part, bool back)
    {
        var original = CamtRemittance.EndToEndId(part.Detail);
        var detail = original is null ? CamtRemittance.Text(part.Detail) : $"End-to-end id {original}.";
        var reference = Reference(movement, part.Detail, part.Ordinal);
        if (!back || movement.Credit)
        {
            Notice(back ? NoticeKind.Return : NoticeKind.Outgoing, reference, part.Amount, detail);
            return;
        }

        // Banks give a reversal the reference of what it reverses, or its own; twins are told apart as those of payments.
        var repeat = movement.Statement.References.Next($"back/{reference}");
        var booked = BookedOn(movement.Entry) is { } text ? ForeignTime.ReadIso(text, settings.TimeZone) : null;
        found.Add(new ReversalEntry(
            ++Position, Fit(repeat == 1 ? reference : $"{reference}*{repeat}"), part.Amount, null, original, booked,
            ForeignText.Clean(detail, ForeignText.DetailMax)));
    }

    private static string Reference(Movement movement, CamtNode? detail, int ordinal)
    {
        var batch = ordinal == 0 ? "" : $"#{ordinal}";
        var id = GivenId.Of(detail?.TextOf("Refs", "AcctSvcrRef"))
            ?? (GivenId.Of(movement.Entry.TextOf("AcctSvcrRef")) is { } whole ? whole + batch : null)
            ?? (GivenId.Of(detail?.TextOf("Refs", "UETR")) is { } uetr ? $"uetr:{uetr}" : null)
            ?? (GivenId.Of(detail?.TextOf("Refs", "TxId")) is { } transaction ? $"tx:{transaction}" : null)
            ?? $"hash:{Hash(movement, detail)}{batch}";
        return Fit($"{movement.Statement.Account}/{id}");
    }

    private static string Fit(string reference) =>
        reference.Length <= PaymentNotice.PspReferenceMax
            ? reference
            : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)))}";

    private static string Hash(Movement movement, CamtNode? detail)
    {
        string?[] parts =
        [
            Date(movement.Entry.Find("BookgDt")), Date(movement.Entry.Find("ValDt")), $"{movement.Amount}", $"{movement.Credit}",
            CamtRemittance.Text(detail), CamtRemittance.EndToEndId(detail), PayerOf(detail)?.Name, PayerOf(detail)?.Account,
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', parts))).AsSpan(0, 16));
    }

    private static Payer? PayerOf(CamtNode? detail)
    {
        if (detail?.Find("RltdPties") is not { } parties) return null;
        var name = parties.TextOf("Dbtr", "Nm") ?? parties.TextOf("Dbtr", "Pty", "Nm") ?? parties.TextOf("UltmtDbtr", "Nm")
            ?? parties.TextOf("UltmtDbtr", "Pty", "Nm");
        var account = parties.TextOf("DbtrAcct", "Id", "IBAN") ?? parties.TextOf("DbtrAcct", "Id", "Othr", "Id")
            ?? parties.TextOf("DbtrAcct", "Id", "BBAN");
        if (name is null && account is null) return null;
        return new Payer(ForeignText.Clean(name, ForeignText.PayerNameMax), null, ForeignText.Clean(account, ForeignText.PayerNumberMax));
    }

    // Only what every copy of the statement says alike: a repeat must not differ from what was taken before.
    private static string? Metadata(CamtNode entry, CamtNode? detail)
    {
        var metadata = new JsonObject();
        if (CamtRemittance.EndToEndId(detail) is { } id) metadata["end_to_end_id"] = id;
        if (ForeignText.Clean(Day(entry.Find("ValDt")), 40) is { } value) metadata["value_date"] = value;
        return ForeignText.Metadata(metadata);
    }

    private static string? BookedOn(CamtNode entry) => Day(entry.Find("BookgDt") ?? entry.Find("ValDt"));

    /// <summary>A report tells the minute of what the statement later tells only the day of.</summary>
    private static string? Date(CamtNode? choice) => Day(choice) is { } text ? text[..Math.Min(text.Length, 10)] : null;

    private static string? Day(CamtNode? choice) =>
        choice?.TextOf("Dt") ?? choice?.TextOf("DtTm") ?? choice?.TextOf("Dt", "DtTm") ?? choice?.TextOf("Dt", "Dt");

    private bool Notice(NoticeKind kind, string? reference, Money? amount, string? detail)
    {
        found.Add(new NoticeEntry(++Position, kind, reference, amount, ForeignText.Clean(detail, ForeignText.DetailMax)));
        return true;
    }

    private bool Fault(string code, string detail)
    {
        found.Add(new FaultEntry(++Position, code, detail));
        return true;
    }

    private sealed record Movement(CamtNode Entry, CamtStatement Statement, Money Amount, bool Credit);

    private sealed record Part(CamtNode? Detail, Money Amount, int Ordinal);
}
