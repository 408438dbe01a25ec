using System.Text;

namespace MoMo.Bench.Rows;

/// <summary>
/// A text with places for digits, filled in by number without any allocation: <c>#</c> is the number itself, <c>@</c> the account,
/// <c>&amp;</c> the customer of that account, <c>%</c> the amount.
/// </summary>
internal sealed class Template
{
    private const string Marks = "#@&%";

    private readonly byte[] text;
    private readonly (int Mark, int Start, int Length)[] places;
    private readonly int accounts;

    public Template(string text, int accounts)
    {
        this.text = Encoding.UTF8.GetBytes(text);
        this.accounts = accounts;
        places = [.. Find(this.text)];
    }

    /// <summary>Bytes of each filled text.</summary>
    public int Length => text.Length;

    /// <summary>Copies the text, still empty.</summary>
    public void CopyTo(Span<byte> destination) => text.CopyTo(destination);

    /// <summary>Fills the places of a copy.</summary>
    public void Fill(Span<byte> copy, long number)
    {
        foreach (var (mark, start, length) in places)
        {
            var value = mark switch
            {
                0 => number,
                1 => number % accounts,
                2 => number / accounts % 10,
                _ => number % 10_000,
            };
            for (var digit = start + length - 1; digit >= start; digit--)
            {
                copy[digit] = (byte)('0' + value % 10);
                value /= 10;
            }
        }
    }

    private static IEnumerable<(int Mark, int Start, int Length)> Find(byte[] text)
    {
        for (var start = 0; start < text.Length; start++)
        {
            var mark = Marks.IndexOf((char)text[start], StringComparison.Ordinal);
            if (mark < 0) continue;
            var end = start;
            while (end < text.Length && text[end] == text[start]) end++;
            yield return (mark, start, end - start);
            start = end - 1;
        }
    }
}
