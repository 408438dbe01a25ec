using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>Takes a file apart into the fields of its messages. What stands outside of them (SWIFT's blocks, a bank's header lines) is
/// passed over.</summary>
internal static class MtFields
{
    /// <summary>Characters of a field, or of all fields that tell of one entry.</summary>
    public const int LettersMax = 1 << 16;

    // Text wraps anywhere: what begins with another number between colons, such as a time of day, goes on with the field before.
    private static readonly FrozenSet<string> Tags =
        "13 13C 13D 20 21 25 25P 28 28C 34F 60 60F 60M 61 62 62F 62M 64 65 86 90C 90D NS".Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Known = Tags.GetAlternateLookup<ReadOnlySpan<char>>();

    public static async IAsyncEnumerable<MtField> ReadAsync(
        StreamReader text, GuardedStream guard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (position, begun, letters, open) = (0, 0, 0, false);
        string? tag = null;
        List<string> lines = [];
        while (await text.ReadLineAsync(cancellation) is { } line)
        {
            guard.Progress();
            position++;
            // Between the balances it is a payer's text, whatever it looks like: a statement that ends there has no closing balance, and is refused
            // when the next one begins, or the file ends.
            var block = !open && line is ['{', ..] ? line.IndexOf("{4:", StringComparison.Ordinal) : -1;
            var ends = block >= 0 || (!open && EndsMessage(line));
            if (block >= 0) line = line[(block + 3)..];
            var next = FindTag(line, lines.Count > 0 ? lines[^1] : "");
            if (ends || next is not null)
            {
                if (tag is not null) yield return new MtField(tag, lines, begun);
                if (ends) yield return new MtField("", [""], position);
                (tag, lines, begun, letters) = (next, [], position, 0);
                open = next is "60" or "60F" or "60M" || (open && next is not ("20" or "62" or "62F" or "62M"));
                if (next is not null) lines.Add(line[(next.Length + 2)..]);
            }
            else if (tag is not null)
            {
                lines.Add(line);
            }

            letters += line.Length + 1;
            if (tag is not null && letters > LettersMax)
                throw new FileFaultException("field-too-large", $"Field :{tag}: at line {begun} holds more than {LettersMax:N0} characters.");
        }

        if (tag is not null) yield return new MtField(tag, lines, begun);
        yield return new MtField("", [""], Math.Max(1, position));
    }

    private static bool EndsMessage(string line)
    {
        var trimmed = line.AsSpan().Trim();
        return trimmed is "-" || trimmed.StartsWith("-}", StringComparison.Ordinal);
    }

    private static string? FindTag(string line, string before)
    {
        if (line is not [':', _, _, ..]) return null;
        var end = line.IndexOf(':', 1);
        if (end is < 3 or > 4 || !Known.TryGetValue(line.AsSpan(1, end - 1), out var tag)) return null;
        // A time that was wrapped after its hour, such as …2026-03-14T16 and :20:37.
        var time = before.Length >= 3 && before[^3] is 'T' or ' ' && char.IsAsciiDigit(before[^2]) && char.IsAsciiDigit(before[^1])
            && line.Length >= 6 && char.IsAsciiDigit(line[4]) && char.IsAsciiDigit(line[5]) && (line.Length == 6 || !char.IsAsciiLetterOrDigit(line[6]));
        return time ? null : tag;
    }
}
