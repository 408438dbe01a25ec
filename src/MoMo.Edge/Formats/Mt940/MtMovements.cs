using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>Tells what each line of a statement means for us.</summary>
internal sealed class MtMovements(StatementSource source, MtSettings settings)
{
    /// <summary>What a line with its :86: says.</summary>
    public IEnumerable<Entry> Read(MtField field, IReadOnlyList<string> information, MtStatement statement)
    {
        if (MtLine.Read(field.Lines) is not { } line)
        {
            yield return new FaultEntry(field.Position, "line-malformed",
                $"'{ForeignText.Clean(field.First, 80)}' is no statement line.");
            yield break;
        }

        if (line.Value is null)
        {
            yield return new FaultEntry(field.Position, "amount-too-large", $"'{line.Amount}' is more than one payment may hold.");
            yield break;
        }

        statement.Book(line.Signed);
        yield return Sort(field.Position, line, information, statement);
    }

    private Entry Sort(int position, MtLine line, IReadOnlyList<string> information, MtStatement statement)
    {
        if (statement.Account is not { } account)
            return new FaultEntry(position, "account-missing", "The message does not name its account in :25:.");
        if (statement.Currency is not { } code)
            return new FaultEntry(position, "currency-missing", "The message has no opening balance, which tells the currency.");
        var details = MtDetails.Read(information);
        var reference = Reference(account, line, information);
        var known = Currency.Find(code);
        var money = known is null ? null : Money.Parse(line.Amount, known);
        var text = details.Text ?? details.CreditorReference ?? details.EndToEndId;
        NoticeEntry Notice(NoticeKind kind, string? detail) =>
            new(position, kind, reference, money?.Accepted, ForeignText.Clean(detail, ForeignText.DetailMax));

        if (line.Value == 0) return Notice(NoticeKind.Info, "A line of no money.");
        if (statement.IsInterim) return Notice(NoticeKind.Pending, $"Interim, {(line.GoesOut ? "going out" : "coming in")}. {text}");
        if (line.Mark is "EC" or "ED") return Notice(NoticeKind.Pending, $"Expected only. {text}");
        if (line.Mark is "D") return Notice(NoticeKind.Outgoing, text);
        if (line.Mark is "RD") return Notice(NoticeKind.Return, text);
        if (known is null) return new FaultEntry(position, "currency-unknown", $"'{ForeignText.Clean(code, 3)}' is not a currency that can be kept.");
        if (money!.Accepted is not { } amount) return new FaultEntry(position, money.Refused!.Code, money.Refused.Detail);
        if (line.ValueDay is not { } day)
            return new FaultEntry(position, "paid-at-malformed", $"'{line.ValueText}' is not a possible day, written YYMMDD.");
        var paidAt = new PaidAt(new DateTimeOffset(day, default, TimeSpan.Zero), DayOnly: true);
        if (line.Mark is "RC")
        {
            return new ReversalEntry(position, Twin(statement, $"back/{reference}", reference), amount, null, details.EndToEndId, paidAt,
                ForeignText.Clean(text ?? line.CustomerReference, ForeignText.DetailMax));
        }

        return new PaymentEntry(position, new PaymentNotice
        {
            Psp = source.Psp,
            Adapter = source.Adapter,
            PspReference = Twin(statement, reference, reference),
            Amount = amount,
            Text = text ?? ForeignText.Clean(line.CustomerReference, ForeignText.TextMax),
            Shortcode = account,
            PaidAt = paidAt,
            Payer = PayerOf(details),
            Metadata = Metadata(line, details),
        });
    }

    private static string Twin(MtStatement statement, string counted, string reference) =>
        statement.References.Next(counted) is > 1 and var repeat ? Fit($"{reference}*{repeat}") : reference;

    private string Reference(string account, MtLine line, IReadOnlyList<string> information) =>
        Fit($"{account}/{(settings.BankReferences ? line.BankReference : null) ?? $"hash:{Hash(line, information)}"}");

    private static string Fit(string reference) =>
        reference.Length <= PaymentNotice.PspReferenceMax
            ? reference
            : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)))}";

    // A later copy may wrap :86: elsewhere.
    private static string Hash(MtLine line, IReadOnlyList<string> information)
    {
        var words = string.Concat(string.Concat(information).Where(letter => !char.IsWhiteSpace(letter)));
        var whole = string.Join('\u001f', line.ValueText, line.EntryText, line.Mark, line.Amount, line.Type, line.CustomerReference,
            line.BankReference, line.Extra, words);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)).AsSpan(0, 16));
    }

    private static Payer? PayerOf(MtDetails details)
    {
        var payer = new Payer(
            ForeignText.Clean(details.PayerName, ForeignText.PayerNameMax), null,
            ForeignText.Clean(details.PayerAccount, ForeignText.PayerNumberMax));
        return payer is { Name: null, Account: null } ? null : payer;
    }

    // Only what every copy of the statement says alike: a repeat must not differ from what was taken before.
    private static string? Metadata(MtLine line, MtDetails details)
    {
        var metadata = new JsonObject();
        if (ForeignText.Clean(details.EndToEndId, 100) is { } id) metadata["end_to_end_id"] = id;
        if (line.EntryDay is { } entry) metadata["entry_date"] = entry.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        if (ForeignText.Clean(line.CustomerReference, 100) is { } customer) metadata["customer_reference"] = customer;
        if (ForeignText.Clean(line.Type, 4) is { } type) metadata["type"] = type;
        return ForeignText.Metadata(metadata);
    }
}
