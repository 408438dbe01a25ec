using System.Text;

namespace MoMo.Tests.Fuzz;

/// <summary>What readers have stumbled over before, here and elsewhere.</summary>
internal static class Nasty
{
    /// <summary>Short pieces, to be put anywhere.</summary>
    public static IReadOnlyList<byte[]> Pieces { get; } =
    [
        .. """
        \ud800
        \udc00\ud800
        \u0000
        \uFEFF
        \u202e
        \"
        "
        ""
        1e400
        -1e-400
        1E+9999999999
        -0
        -0.00
        +1
        .5
        5.
        1,234.50
        1.234,50
        0x7f
        NaN
        Infinity
        99999999999999999999999999999999
        999999999999999
        0.000000000000000000000000000001
        true
        null
        {}
        []
        {"a":1,"a":2}
        {"a":{"b":[1,"\ud83d\ude00"]}}
        <![CDATA[
        ]]>
        <!--
        <?pi ?>
        <a b="1" b="2"/>
        </Ntry>
        &lt;
        &b;
        &#0;
        &#xD800;
        &#x1F600;
        <?xml version="1.0" encoding="utf-7"?>
        <?xml version="1.0" encoding="utf-32"?>
        <?xml version="1.1" encoding="x-none"?>
        <!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>
        0000-00-00
        0001-01-01
        0001-01-01T00:00:00+14:00
        9999-12-31T23:59:59.9999999Z
        2026-02-30
        2026-03-14T23:30:00.1234567+14:00
        2016-12-31T23:59:60Z
        2026-03-14T24:00:00
        -2026-01-01
        20260314T233000
        99991231235959
        00010101000000
        00000000000000
        %ED%A0%80
        %00
        %zz
        &psp=x
        ;
        ,
        #
        *
        =cmd|' /C calc'!A0
        ../../../../dev/zero
        utf-7
        (a+)+$
        (?<account>
        (((a{1,999}){1,999}){1,999})
        [\p{L}-[a-z]]{500}
        ::ffff:127.0.0.1%eth0
        0/0
        10.0.0.0/33
        -9223372036854775808
        9223372036854775808
        v1,AAAA
        W/"1"
        """.Split('\n').Select(Encoding.UTF8.GetBytes),
        "\n"u8.ToArray(),
        "\r\n\r\n"u8.ToArray(),
        "\t"u8.ToArray(),
        "\0"u8.ToArray(),
        "\x1b[2J"u8.ToArray(),
        "\x7f\xc2\x85"u8.ToArray(),
        "\uFEFF"u8.ToArray(),
        "\uFFFE"u8.ToArray(),
        "\u200b\u202e\u2066"u8.ToArray(),
        "\u2028"u8.ToArray(),
        "\u00a0"u8.ToArray(),
        "😀"u8.ToArray(),
        "e\u0301\u0301"u8.ToArray(),
        "İı"u8.ToArray(),
        "１２"u8.ToArray(),
        [0xFF, 0xFE],
        [0xFE, 0xFF],
        [0x00, 0x00, 0xFE, 0xFF],
        [0xED, 0xA0, 0x80],
        [0xC0, 0x80],
        [0xE0, 0x80, 0xAF],
        [0xF4, 0x90, 0x80, 0x80],
        [0xF0, 0x9F],
        [0x80, 0x81, 0x8D],
        Encoding.ASCII.GetBytes(new string('9', 400)),
        Encoding.ASCII.GetBytes(new string(' ', 300)),
    ];

    /// <summary>Lengths at which something is cut or refused, in characters.</summary>
    public static IReadOnlyList<int> Lengths { get; } = [14, 32, 40, 60, 64, 80, 100, 140, 200, 256, 500, 1_000, 1_024, 4_096];

    /// <summary>What stands at the edge of a text that is just too long.</summary>
    public static IReadOnlyList<string> Edges { get; } = ["😀", "\u0001", " ", "x", "é", "\\ud83d\\ude00", "\\u0001", "\\n"];

    /// <summary>Opening and closing, to nest.</summary>
    public static IReadOnlyList<(string Open, string Close)> Nests { get; } =
        [("[", "]"), ("{\"a\":", "}"), ("<a>", "</a>"), ("<Ntry>", "</Ntry>"), ("(", ")"), ("\"", "\""), ("((a{9}){9}", ")")];
}
