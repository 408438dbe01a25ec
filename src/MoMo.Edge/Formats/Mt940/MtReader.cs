using System.Runtime.CompilerServices;
using MoMo.Domain.Files;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>Walks a file, one entry in memory at a time.</summary>
internal sealed class MtReader(MtMovements movements, MtSettings settings, bool interim)
{
    private const int LineBytesMax = 1 << 20;
    private const int BufferSize = 1 << 15;
    private readonly List<Entry> found = [];
    private readonly List<string> details = [];
    private MtStatement statement = new(interim);
    private MtField? line;
    private int fields, letters;

    public static async IAsyncEnumerable<Entry> ReadAsync(
        Stream file, StatementSource source, MtSettings settings, bool interim, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var guard = new GuardedStream(file, LineBytesMax + BufferSize, cancellation);
        var encoding = settings.Encoding ?? Windows1252Fallback.Utf8;
        using var text = new StreamReader(guard, encoding, detectEncodingFromByteOrderMarks: true, BufferSize, leaveOpen: true);
        var reader = new MtReader(new MtMovements(source, settings), settings, interim);
        await foreach (var field in MtFields.ReadAsync(text, guard, cancellation))
            foreach (var entry in reader.Take(field)) yield return entry;

        if (reader.fields == 0)
            throw new FileFaultException("document-unknown", "The file holds no field of a SWIFT message, such as :20: or :61:.");
    }

    /// <summary>What a field completes. Valid until the next call.</summary>
    private List<Entry> Take(MtField field)
    {
        found.Clear();
        if (field.Tag == "86" && line is not null && !statement.IsClosed)
        {
            letters += field.Lines.Sum(one => one.Length + 1);
            if (letters > MtFields.LettersMax)
                throw new FileFaultException("field-too-large",
                    $"What the entry at line {line.Position} says in :86: holds more than {MtFields.LettersMax:N0} characters.");
            details.AddRange(field.Lines);
            return found;
        }

        Finish();
        if (field.Tag.Length == 0) return End(field.Position);
        fields++;
        if (field.Tag == "20" || (field.Tag is "60" or "60F" or "60M" && (statement.IsOpen || statement.IsClosed))) End(field.Position);
        if (field.Tag == "61" && statement.IsClosed)
        {
            found.Add(new FaultEntry(field.Position, "line-outside", "The line stands after the closing balance, which does not count it."));
        }
        else if (field.Tag == "61")
        {
            line = field;
            if (statement.FirstEntry == 0) statement.FirstEntry = field.Position;
        }
        else if (statement.Note(field) is { } why)
        {
            found.Add(settings.HoldsMismatch && statement.FirstEntry > 0
                ? new HeldEntry(field.Position, statement.FirstEntry, why.Code, why.Detail)
                : new WarningEntry(field.Position, why.Code, why.Detail));
        }

        return found;
    }

    /// <summary>The end of a message: what comes now is of another.</summary>
    private List<Entry> End(int position)
    {
        Finish();
        if (statement.IsOpen)
            throw new FileFaultException("statement-unclosed",
                $"Statement {statement.Number} has no closing balance up to line {position}; the file may be cut off.");
        statement = new MtStatement(interim);
        return found;
    }

    private void Finish()
    {
        if (line is null) return;
        found.AddRange(movements.Read(line, details, statement));
        (line, letters) = (null, 0);
        details.Clear();
    }
}
