using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using MoMo.Domain.Files;

namespace MoMo.Edge.Formats.Ofx;

/// <summary>Walks a file, one transaction in memory at a time.</summary>
internal sealed class OfxReader(OfxMovements movements)
{
    private const int ValueBytesMax = 1 << 20;
    private const int ValuesMax = 200;

    // Values that mean something else within these than in the transaction around them.
    private static readonly FrozenSet<string> Nested =
        FrozenSet.ToFrozenSet(["CURRENCY", "ORIGCURRENCY", "PAYEE", "BANKACCTTO", "CCACCTTO", "IMAGEDATA"]);

    private readonly Dictionary<string, string> transaction = [];
    private bool inDocument, inTransaction, inAccount, inStatus;
    private string within = "";
    private string? statusCode;

    public static async IAsyncEnumerable<Entry> ReadAsync(
        Stream file, StatementSource source, OfxSettings settings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var guard = new GuardedStream(file, ValueBytesMax, cancellation);
        await using var whole = await HeadStream.LookAsync(guard, OfxEncoding.HeadMax, cancellation);
        using var text = new StreamReader(
            whole, settings.Encoding ?? OfxEncoding.Of(whole.Head), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var tokens = new OfxTokens(text, guard);
        var reader = new OfxReader(new OfxMovements(source, settings));
        var ended = false;
        while (!ended && await tokens.NextAsync(cancellation) is { } token)
        {
            ended = token is { Name: "OFX", Closes: true };
            if (reader.Take(token) is { } entry) yield return entry;
        }

        if (!reader.inDocument) throw new FileFaultException("document-unknown", "The file holds no <OFX>.");
        if (!ended) throw new FileFaultException("file-cut-off", "The file ends before </OFX>.");
    }

    private Entry? Take(OfxToken token)
    {
        if (!inDocument)
        {
            inDocument = token is { Name: "OFX", Closes: false };
            return null;
        }

        return token.Closes ? Close(token.Name) : Open(token);
    }

    private Entry? Open(OfxToken token)
    {
        switch (token.Name)
        {
            case "INVSTMTRS":
                throw new FileFaultException("investments-refused", "Statements of investments are not read.");
            case "STMTTRN":
                var torn = inTransaction ? movements.Torn() : null;
                transaction.Clear();
                (inTransaction, within) = (true, "");
                return torn;
            case "STATUS":
                (inStatus, statusCode) = (true, null);
                return null;
            case "BANKACCTFROM" or "CCACCTFROM":
                inAccount = true;
                return null;
            case "STMTRS" or "CCSTMTRS":
                movements.BeginStatement();
                return null;
        }

        if (inTransaction && Nested.Contains(token.Name)) within = $"{token.Name}.";
        else if (token.Text.Length > 0) Note(token);
        return null;
    }

    private void Note(OfxToken token)
    {
        if (inTransaction)
        {
            if (transaction.Count >= ValuesMax)
                throw new FileFaultException("field-too-large", $"A transaction holds more than {ValuesMax} values.");
            transaction.TryAdd(within.Length == 0 ? token.Name : within + token.Name, token.Text);
        }
        else if (inStatus)
        {
            if (token.Name == "CODE") statusCode = token.Text;
        }
        else if (inAccount)
        {
            movements.NoteAccount(token.Name, token.Text);
        }
        else if (token.Name == "CURDEF")
        {
            movements.Currency = token.Text;
        }
    }

    private Entry? Close(string name)
    {
        switch (name)
        {
            case "STMTTRN" when inTransaction:
                inTransaction = false;
                return movements.Read(transaction);
            case "STATUS" when inStatus:
                inStatus = false;
                if (statusCode is { } code && code.AsSpan().ContainsAnyExcept('0', ' '))
                    throw new FileFaultException("status-error", $"The bank answers with status {ForeignText.Clean(code, 20)}: it failed.");
                return null;
            case "BANKACCTFROM" or "CCACCTFROM":
                inAccount = false;
                return null;
            case "BANKTRANLIST" or "STMTRS" or "CCSTMTRS" or "OFX" when inTransaction:
                inTransaction = false;
                return movements.Torn();
        }

        if (inTransaction && Nested.Contains(name)) within = "";
        return null;
    }
}
