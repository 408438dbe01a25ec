using System.Globalization;
using System.Text;

namespace MoMo.Tests.Fuzz;

/// <summary>Makes an input out of others: blind to what they are (bits, bytes, ranges), and by their tokens. All of its chance is the given one.</summary>
internal sealed class Mutator(Random chance)
{
    /// <summary>The longest input that is made, in bytes.</summary>
    public const int LengthMax = 128 << 10;

    private const int BlowsMax = 5;

    /// <summary>A changed copy of one of the samples.</summary>
    /// <param name="samples">Real ones first, then those that were found.</param>
    /// <param name="real">How many are real: half of all inputs come of these, or few would be accepted.</param>
    public byte[] Mutate(IReadOnlyList<byte[]> samples, int real)
    {
        var input = chance.Next(2) == 0 ? samples[chance.Next(real)] : Pick(samples);
        var blows = 1;
        while (blows < BlowsMax && chance.Next(5) < 2) blows++;
        for (; blows > 0; blows--)
        {
            var next = chance.Next(5) < 2 ? Blind(input, samples) : ByToken(input, samples);
            if (next.Length <= LengthMax) input = next;
        }

        return input;
    }

    private byte[] Blind(byte[] input, IReadOnlyList<byte[]> samples)
    {
        if (input.Length == 0) return Pick(Nasty.Pieces);
        var at = chance.Next(input.Length);
        var length = Math.Min(1 + chance.Next(chance.Next(4) == 0 ? input.Length : 32), input.Length - at);
        return chance.Next(9) switch
        {
            0 => With(input, at, 1, [(byte)(input[at] ^ (1 << chance.Next(8)))]),
            1 => With(input, at, 1, [(byte)chance.Next(256)]),
            2 => input[..at],
            3 => With(input, at, length, []),
            4 => With(input, at, 0, input.AsSpan(at, length)),
            5 => Splice(input, Pick(samples)),
            6 => With(input, at, 0, Pick(Nasty.Pieces)),
            7 => With(input, at, length, Range(Pick(samples))),
            _ => Transcode(input),
        };
    }

    private byte[] ByToken(byte[] input, IReadOnlyList<byte[]> samples)
    {
        var tokens = Tokens.Of(input);
        if (tokens.Count == 0) return Blind(input, samples);
        var token = Pick(tokens);
        return chance.Next(10) switch
        {
            0 or 1 => With(input, token, Pick(Nasty.Pieces)),
            2 => Like(input, token, Pick(samples)),
            3 => Swap(input, token, Pick(tokens)),
            4 => With(input, token, []),
            5 => Again(input, token, Pick(tokens)),
            6 => With(input, token, Stretched(input.AsSpan(token.Start, token.Length))),
            7 => With(input, token, Nested(input.AsSpan(token.Start, token.Length))),
            8 => Counted(input, tokens),
            _ => With(input, token.Start, 0, Pick(Nasty.Pieces)),
        };
    }

    /// <summary>The token becomes another of its kind.</summary>
    private byte[] Like(byte[] input, Token token, byte[] other)
    {
        var like = Tokens.Of(other).Where(one => one.Kind == token.Kind).ToList();
        if (like.Count == 0) return input;
        var found = Pick(like);
        return With(input, token, other.AsSpan(found.Start, found.Length));
    }

    private static byte[] Swap(byte[] input, Token one, Token other)
    {
        if (one.Start > other.Start) (one, other) = (other, one);
        if (one.Start + one.Length > other.Start) return input;
        var swapped = With(input, other, input.AsSpan(one.Start, one.Length));
        return With(swapped, one, input.AsSpan(other.Start, other.Length));
    }

    /// <summary>A run of tokens stands twice or many times: a member, an element, a row.</summary>
    private byte[] Again(byte[] input, Token one, Token other)
    {
        if (one.Start > other.Start) (one, other) = (other, one);
        var run = input.AsSpan(one.Start, other.Start + other.Length - one.Start);
        var times = chance.Next(8) == 0 ? 1 + chance.Next(1_000) : 1 + chance.Next(3);
        times = Math.Min(times, LengthMax / (run.Length + 1));
        var copies = new byte[run.Length * times];
        for (var copy = 0; copy < times; copy++) run.CopyTo(copies.AsSpan(copy * run.Length));
        return With(input, one.Start, 0, copies);
    }

    /// <summary>As long as something may be, or a little longer, with a letter at the edge that must not be cut.</summary>
    private byte[] Stretched(ReadOnlySpan<byte> token)
    {
        var length = Pick(Nasty.Lengths) + chance.Next(-2, 3);
        var text = Encoding.UTF8.GetString(token[..Math.Min(token.Length, 40)]);
        while (text.Length < length) text += text.Length == 0 ? "7" : text[..Math.Min(text.Length, length - text.Length)];
        text = text[..Math.Min(text.Length, length)] + Pick(Nasty.Edges) + (chance.Next(2) == 0 ? "tail" : "");
        return Encoding.UTF8.GetBytes(text);
    }

    private byte[] Nested(ReadOnlySpan<byte> token)
    {
        var (open, close) = Pick(Nasty.Nests);
        var depth = chance.Next(6) == 0 ? chance.Next(2_000) : chance.Next(80);
        return
        [
            .. Encoding.UTF8.GetBytes(new StringBuilder().Insert(0, open, depth).ToString()), .. token,
            .. Encoding.UTF8.GetBytes(new StringBuilder().Insert(0, close, chance.Next(8) == 0 ? 0 : depth).ToString()),
        ];
    }

    /// <summary>A number becomes a neighbour of itself.</summary>
    private byte[] Counted(byte[] input, List<Token> tokens)
    {
        var numbers = tokens.Where(one => one.Kind == TokenKind.Number).ToList();
        if (numbers.Count == 0) return input;
        var token = Pick(numbers);
        var text = Encoding.ASCII.GetString(input, token.Start, token.Length);
        var changed = chance.Next(7) switch
        {
            0 => $"-{text}",
            1 => $"{text}0",
            2 => $"{text}.001",
            3 => $"{text}e{chance.Next(-400, 400).ToString(CultureInfo.InvariantCulture)}",
            4 => text.Length > 1 ? text[1..] : "0",
            5 => $"{text[..^1]}{(char)('0' + chance.Next(10))}",
            _ => new string('0', chance.Next(40)) + text,
        };
        return With(input, token, Encoding.ASCII.GetBytes(changed));
    }

    private byte[] Transcode(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        return chance.Next(5) switch
        {
            0 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
            1 => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)],
            2 => [0xEF, 0xBB, 0xBF, .. input],
            3 => Encoding.Unicode.GetBytes(text),
            _ => Encoding.Latin1.GetBytes(text),
        };
    }

    private byte[] Splice(byte[] one, byte[] other) => [.. one.AsSpan(0, chance.Next(one.Length + 1)), .. other.AsSpan(chance.Next(other.Length + 1))];

    private ReadOnlySpan<byte> Range(byte[] sample)
    {
        if (sample.Length == 0) return [];
        var at = chance.Next(sample.Length);
        return sample.AsSpan(at, Math.Min(1 + chance.Next(64), sample.Length - at));
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[chance.Next(from.Count)];

    private static byte[] With(byte[] input, Token token, ReadOnlySpan<byte> instead) => With(input, token.Start, token.Length, instead);

    private static byte[] With(byte[] input, int at, int length, ReadOnlySpan<byte> instead) =>
        [.. input.AsSpan(0, at), .. instead, .. input.AsSpan(at + length)];
}
