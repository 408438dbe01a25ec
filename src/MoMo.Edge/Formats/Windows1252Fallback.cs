using System.Text;

namespace MoMo.Edge.Formats;

/// <summary>
/// Reads the bytes that are no UTF-8 as Windows-1252: a file in either encoding comes out right without being read twice.
/// </summary>
internal sealed class Windows1252Fallback : DecoderFallback
{
    private static readonly Encoding Windows1252 = Find("windows-1252");

    /// <summary>UTF-8 that falls back so.</summary>
    public static Encoding Utf8 { get; } = Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, new Windows1252Fallback());

    public override int MaxCharCount => 4;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Bytes();

    /// <summary>An encoding by its IANA name that refuses what does not fit it; the code pages of Windows and ISO 8859 included.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Encoding Find(string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
    }

    private sealed class Bytes : DecoderFallbackBuffer
    {
        private char[] letters = [];
        private int next;

        public override int Remaining => letters.Length - next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            // Five byte values mean nothing in Windows-1252; they show as the replacement character.
            letters = [.. bytesUnknown.Select(unknown =>
                unknown is 0x81 or 0x8D or 0x8F or 0x90 or 0x9D ? '\uFFFD' : Windows1252.GetString([unknown])[0])];
            next = 0;
            return letters.Length > 0;
        }

        public override char GetNextChar() => next < letters.Length ? letters[next++] : '\0';

        public override bool MovePrevious() => next > 0 && next-- > 0;

        public override void Reset() => (letters, next) = ([], 0);
    }
}
