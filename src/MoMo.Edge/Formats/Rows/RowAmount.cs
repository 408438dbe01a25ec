using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Rows;

/// <summary>Reads an amount with the marks that a source writes.</summary>
internal sealed class RowAmount(char decimalMark, string thousandsMarks)
{
    private static readonly Refusal Malformed = Refusal.Of("amount", "amount-malformed",
        "The amount is not a number with the marks that are configured.");

    /// <summary>Signed minor units: an empty field is 0. A minus may lead, trail, be U+2212, or be brackets as accountants write.</summary>
    /// <returns>Null, or why it could not be read.</returns>
    public Refusal? Read(ReadOnlySpan<char> field, Currency currency, out long minor)
    {
        minor = 0;
        var text = field.Trim();
        if (text.IsEmpty) return null;
        var negative = TakeSign(ref text);
        Span<char> plain = stackalloc char[Money.TextMax];
        if (text.Length > Money.TextMax || !TryPlain(text, plain, out var length)) return Malformed;
        var number = plain[..length];
        if (!number.ContainsAnyExcept('0', '.')) return null;
        var parsed = Money.Parse(number, currency);
        if (parsed.Accepted is not { } money) return parsed.Refused;
        minor = negative ? -money.MinorUnits : money.MinorUnits;
        return null;
    }

    private static bool TakeSign(ref ReadOnlySpan<char> text)
    {
        if (text is ['(', .., ')'])
        {
            text = text[1..^1].Trim();
            return true;
        }

        if (text is ['-' or '\u2212' or '+', ..])
        {
            var minus = text[0] != '+';
            text = text[1..].Trim();
            return minus;
        }

        if (text is not [.., '-']) return false;
        text = text[..^1].Trim();
        return true;
    }

    /// <summary>Thousands marks must stand where groups of digits end; else 1,25 would be read as 125.</summary>
    private bool TryPlain(ReadOnlySpan<char> text, Span<char> plain, out int length)
    {
        length = 0;
        var (marks, group, fraction) = (0, 0, false);
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter))
            {
                group++;
                plain[length++] = letter;
            }
            else if (letter == decimalMark && !fraction && length > 0)
            {
                if (marks > 0 && group != 3) return false;
                (fraction, group, marks) = (true, 0, 0);
                plain[length++] = '.';
            }
            else if (thousandsMarks.Contains(letter, StringComparison.Ordinal) && !fraction && group is 1 or 2 or 3)
            {
                // Indian and Pakistani amounts have groups of two before the last of three.
                if (fraction || (marks > 0 && group == 1)) return false;
                (marks, group) = (marks + 1, 0);
            }
            else
            {
                return false;
            }
        }

        return length > 0 && (marks == 0 || group == 3) && (!fraction || group > 0);
    }
}
