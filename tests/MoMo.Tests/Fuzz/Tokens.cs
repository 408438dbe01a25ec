namespace MoMo.Tests.Fuzz;

/// <summary>
/// Takes an input apart the same rough way whatever it is: texts in quotes, tags, numbers, words, and single marks. So mutations hit JSON's
/// members, XML's elements and CSV's cells without knowing any of them.
/// </summary>
internal static class Tokens
{
    private const int TokensMax = 4_096;

    /// <summary>The tokens in their order; no more than 4,096.</summary>
    public static List<Token> Of(ReadOnlySpan<byte> input)
    {
        List<Token> tokens = [];
        var at = 0;
        while (at < input.Length && tokens.Count < TokensMax)
        {
            var token = Next(input, at);
            if (token.Length > 0 && input[token.Start] is not (byte)' ') tokens.Add(token);
            // Past the closing quote too, or it would open the next text.
            at = Math.Max(at + 1, token.Start + token.Length + (token.Kind == TokenKind.Text ? 1 : 0));
        }

        return tokens;
    }

    private static Token Next(ReadOnlySpan<byte> input, int at)
    {
        var first = input[at];
        if (first == '"')
        {
            var end = at + 1;
            while (end < input.Length && input[end] != '"') end += input[end] == '\\' ? 2 : 1;
            // Its quotes stay, so that what replaces it is still in quotes.
            return new Token(TokenKind.Text, at + 1, Math.Min(end, input.Length) - at - 1);
        }

        if (first == '<')
        {
            var end = input[at..].IndexOf((byte)'>');
            return new Token(TokenKind.Tag, at, end < 0 ? 1 : end + 1);
        }

        var length = 1;
        if (char.IsAsciiDigit((char)first))
        {
            while (at + length < input.Length && IsNumber(input[at + length])) length++;
            return new Token(TokenKind.Number, at, length);
        }

        if (!IsWord(first)) return new Token(TokenKind.Mark, at, 1);
        while (at + length < input.Length && IsWord(input[at + length])) length++;
        return new Token(TokenKind.Word, at, length);
    }

    private static bool IsNumber(byte letter) => char.IsAsciiDigit((char)letter) || letter is (byte)'.' or (byte)'e' or (byte)'E';

    private static bool IsWord(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'_' or >= 0x80;
}
