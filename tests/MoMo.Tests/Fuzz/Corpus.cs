using System.IO.Compression;
using System.Text;

namespace MoMo.Tests.Fuzz;

/// <summary>Made by hand, always read: what parsers are known to fall for. Each piece comes alone and at places inside a good input.</summary>
internal static class Corpus
{
    private const int PlacesMax = 12;
    private const int BigMin = 16 << 10;
    private const int SamplesMax = 3;
    private const int SmallMax = 512;

    /// <summary>Every attack, as this reader would meet it.</summary>
    public static IEnumerable<byte[]> For(IFuzzTarget target)
    {
        foreach (var whole in Wholes) yield return whole;
        foreach (var encoded in Encodings(Encoding.UTF8.GetString(target.Samples[0]))) yield return encoded;
        foreach (var sample in target.Samples.Take(SamplesMax))
            foreach (var input in Around(sample, sample == target.Samples[0])) yield return input;
    }

    private static IEnumerable<byte[]> Around(byte[] sample, bool withBig)
    {
        var tokens = Tokens.Of(sample);
        foreach (var piece in Pieces.Concat(Nests).Concat(Nasty.Pieces))
        {
            if (piece.Length >= BigMin && !withBig) continue;
            yield return piece;
            yield return [.. piece, .. sample];
            yield return [.. sample, .. piece];
            var places = piece.Length >= BigMin ? 3 : sample.Length <= SmallMax ? tokens.Count : PlacesMax;
            for (var place = 0; place < Math.Min(places, tokens.Count); place++)
            {
                var token = tokens[place * tokens.Count / Math.Min(places, tokens.Count)];
                yield return [.. sample.AsSpan(0, token.Start), .. piece, .. sample.AsSpan(token.Start + token.Length)];
                yield return [.. sample.AsSpan(0, token.Start), .. piece, .. sample.AsSpan(token.Start)];
            }
        }

        for (var cut = 0; cut < sample.Length; cut += 1 + sample.Length / 500) yield return sample[..cut];
    }

    private static IEnumerable<byte[]> Wholes =>
    [
        [],
        Utf8("""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>"""),
        Utf8("""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><Document>&x;</Document>"""),
        Utf8("""<?xml version="1.0"?><!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><Document/>"""),
        Utf8("""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><Document/>"""),
        Laughs(),
        Quadratic(),
        Gzip(new byte[10 << 20]),
        Zip(new byte[10 << 20]),
        Repeat("[", 100_000),
        Repeat("{\"a\":", 100_000),
        Repeat("<a>", 100_000),
        [.. Repeat("<a>", 100_000), .. Repeat("</a>", 100_000)],
        [.. Utf8("{\"metadata\":"), .. Repeat("[", 100_000), .. Repeat("]", 100_000), .. Utf8("}")],
        Repeat("x", 10 << 20),
        Utf8("\"" + new string('x', 10 << 20)),
        Utf8("a,b\n\"" + new string('x', 1 << 20)),
        Repeat(",", 1 << 20),
        Repeat("\n", 1 << 20),
        Repeat("\"", 1 << 20),
        Repeat("{}", 100_000),
        Repeat("{\"a\":1}\n", 100_000),
        [.. Utf8("{"), .. Distinct(20_000, "\"name{0}\":1,"), .. Utf8("\"z\":1}")],
        [.. Utf8("<Document "), .. Distinct(20_000, "a{0}=\"1\" "), .. Utf8("/>")],
        [.. Utf8("<Document>"), .. Distinct(20_000, "<a{0}/>"), .. Utf8("</Document>")],
        [.. Utf8("<Document "), .. Distinct(5_000, "xmlns:a{0}=\"u{0}\" "), .. Utf8("/>")],
    ];

    private static readonly byte[][] Pieces =
    [
        Utf8("\"\\ud800\""),
        Utf8("\\udfff"),
        Repeat("9", 10_000),
        Utf8("1e" + new string('9', 10_000)),
        Utf8("0." + new string('0', 10_000) + "1"),
        Utf8(new string('\u202e', 300)),
        Utf8(new string('\u200b', 300)),
        Utf8("a" + new string('\u0301', 5_000)),
        Repeat("😀", 101),
        Repeat("[", 2_000),
        Repeat("{\"a\":", 20),
        Repeat("<Ntry>", 100),
        Repeat("x", 1 << 20),
        Repeat("\"a\":1,", 50_000),
        Repeat("&#x41;", 10_000),
        Utf8("<![CDATA[" + new string(']', 10_000) + "]]>"),
        Utf8("&a;"),
        Utf8("\0"),
    ];

    /// <summary>Well-formed, around every depth at which something ends.</summary>
    private static IEnumerable<byte[]> Nests => new[] { 7, 8, 14, 15, 16, 17, 61, 62, 63, 64, 65, 200, 900 }.SelectMany(depth => new[]
    {
        [.. Repeat("[", depth), .. Repeat("]", depth)],
        (byte[])[.. Repeat("{\"a\":", depth), (byte)'1', .. Repeat("}", depth)],
        [.. Repeat("<a>", depth), .. Repeat("</a>", depth)],
    });

    /// <summary>Every encoding that a byte order mark may promise, kept and broken.</summary>
    private static IEnumerable<byte[]> Encodings(string text)
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(true, true) })
        {
            yield return [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
            yield return encoding.GetBytes(text);
            yield return [.. encoding.GetPreamble(), .. encoding.GetPreamble(), .. encoding.GetBytes(text)];
            yield return [.. encoding.GetPreamble(), .. Encoding.UTF8.GetBytes(text)];
            yield return encoding.GetPreamble();
            yield return [.. encoding.GetPreamble(), .. encoding.GetBytes(text).AsSpan(1)];
        }

        yield return [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text), 0x00, 0xD8];
    }

    private static byte[] Laughs()
    {
        var entities = new StringBuilder("""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "lol">""");
        for (var level = 1; level <= 9; level++) entities.Append($"<!ENTITY l{level} \"{string.Concat(Enumerable.Repeat($"&l{level - 1};", 10))}\">");
        return Utf8(entities.Append("]><Document>&l9;</Document>").ToString());
    }

    private static byte[] Quadratic() => Utf8(
        $"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "{new string('a', 50_000)}">]><Document>{string.Concat(Enumerable.Repeat("&a;", 50_000))}</Document>""");

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }

    private static byte[] Zip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        using (var file = zip.CreateEntry("statement.xml").Open()) file.Write(content);
        return packed.ToArray();
    }

    private static byte[] Distinct(int count, string form) =>
        Utf8(string.Concat(Enumerable.Range(0, count).Select(number => form.Replace("{0}", $"{number}", StringComparison.Ordinal))));

    private static byte[] Repeat(string text, int times) => Utf8(new StringBuilder(text.Length * times).Insert(0, text, times).ToString());

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
