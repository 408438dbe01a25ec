using System.Text;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats.Ofx;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Ofx;

public sealed class OfxFormatTests
{
    private const string Good = "<TRNTYPE>CREDIT<DTPOSTED>20260314<TRNAMT>10.00<FITID>F1<NAME>JANE<MEMO>4001";

    [Theory]
    [InlineData(Good, "1 payment USD 10.00 121/000/F1 4001")]
    [InlineData("<TRNAMT>+20.5<DTPOSTED>20260314<FITID>F1", "1 payment USD 20.50 121/000/F1")]
    [InlineData("<TRNAMT>1234,5<DTPOSTED>20260314<FITID>F1", "1 payment USD 1234.50 121/000/F1")]
    [InlineData("<TRNAMT>.50<DTPOSTED>20260314<FITID>F1<MEMO/>", "1 payment USD 0.50 121/000/F1")]
    [InlineData("<TRNAMT>000500.0000<DTPOSTED>20260314<FITID>F1<CURRENCY><CURRATE>1<CURSYM>EUR</CURRENCY>", "1 payment EUR 500.00 121/000/F1")]
    [InlineData("<TRNAMT>5<DTPOSTED>20260314<FITID>F1<ORIGCURRENCY><CURSYM>EUR</ORIGCURRENCY><BANKACCTTO><ACCTID>9</BANKACCTTO>", "1 payment USD 5.00 121/000/F1")]
    [InlineData("<TRNTYPE>FEE<TRNAMT>-1<FITID>F1", "1 Fee USD 1.00 121/000/F1")]
    [InlineData("<TRNAMT>-1.25<FITID>F1", "1 Outgoing USD 1.25 121/000/F1")]
    [InlineData("<TRNTYPE>HOLD<TRNAMT>1<FITID>F1", "1 Pending USD 1.00 121/000/F1")]
    [InlineData("<TRNAMT>0.00<FITID>F1", "1 Info  121/000/F1")]
    [InlineData("<TRNAMT>5<DTPOSTED>20260314<FITID>F2<CORRECTFITID>F1<CORRECTACTION>DELETE", "1 Reversal USD 5.00 121/000/F2 of 121/000/F1")]
    [InlineData("<TRNAMT>5<DTPOSTED>20260314<FITID>F2<CORRECTFITID>F1<CORRECTACTION>REPLACE", "1 fault correction-held")]
    [InlineData("<TRNAMT>$120<DTPOSTED>20260314<FITID>F1", "1 fault amount-malformed")]
    [InlineData("<TRNAMT>1,234.56<DTPOSTED>20260314<FITID>F1", "1 fault amount-malformed")]
    [InlineData("<TRNAMT>1,000<DTPOSTED>20260314<FITID>F1", "1 fault amount-malformed")]
    [InlineData("<TRNAMT>-1,000<FITID>F1", "1 fault amount-malformed")]
    [InlineData("<TRNAMT>1,5<DTPOSTED>20260314<FITID>F1<CURRENCY><CURRATE>1<CURSYM>UGX</CURRENCY>", "1 fault amount-too-fine")]
    [InlineData("<TRNAMT>1500,00<DTPOSTED>20260314<FITID>F1<CURRENCY><CURRATE>1<CURSYM>XAF</CURRENCY>", "1 payment XAF 1500 121/000/F1")]
    [InlineData("<TRNAMT>0,00<FITID>F1<CURRENCY><CURRATE>1<CURSYM>XAF</CURRENCY>", "1 Info  121/000/F1")]
    [InlineData("<TRNAMT>1,000<DTPOSTED>20260314<FITID>F1<CURRENCY><CURRATE>1<CURSYM>TND</CURRENCY>", "1 payment TND 1.000 121/000/F1")]
    [InlineData("<TRNAMT>1.005<DTPOSTED>20260314<FITID>F1", "1 fault amount-too-fine")]
    [InlineData("<DTPOSTED>20260314<FITID>F1", "1 fault amount-missing")]
    [InlineData("<TRNAMT>1<DTPOSTED>20260314", "1 fault psp-reference-missing")]
    [InlineData("<TRNAMT>1<FITID>F1", "1 fault paid-at-missing")]
    [InlineData("<TRNAMT>1<DTPOSTED>20260230<FITID>F1", "1 fault paid-at-malformed")]
    [InlineData("<TRNAMT>1<DTPOSTED>20260314<FITID>F1</STMTTRN><STMTTRN><TRNAMT>1<STMTTRN><TRNAMT>2<DTPOSTED>20260314<FITID>F2",
        "1 payment USD 1.00 121/000/F1\n2 fault transaction-torn\n3 payment USD 2.00 121/000/F2")]
    public async Task A_transaction_is_what_its_values_say(string values, string expected) =>
        Assert.Equal(expected, StatementEntries.Summary(await ReadAsync(Of(values))));

    [Theory]
    [InlineData("20260314", "2026-03-14T00:00:00", true)]
    [InlineData("20260314093047", "2026-03-14T06:30:47", false)]
    [InlineData("202603140930", "2026-03-14T06:30:00", false)]
    [InlineData("20260314093047.500[-5:EST]", "2026-03-14T14:30:47.5", false)]
    [InlineData("20260314233047[-03:EST]", "2026-03-15T02:30:47", false)]
    [InlineData("20260314093047[+5.5:IST]", "2026-03-14T04:00:47", false)]
    [InlineData("20260314093047[0:GMT]", "2026-03-14T09:30:47", false)]
    [InlineData("20260314093047[-5]", "2026-03-14T14:30:47", false)]
    public async Task A_time_is_read_with_its_zone_or_the_settings(string posted, string instant, bool dayOnly)
    {
        var entries = await ReadAsync(Of(Good.Replace("20260314", posted, StringComparison.Ordinal)), """{"time_zone":"Africa/Nairobi"}""");
        var expected = DateTimeOffset.Parse($"{instant}Z", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(new PaidAt(expected, dayOnly), Assert.Single(entries.OfType<PaymentEntry>()).Notice.PaidAt);
    }

    [Theory]
    [InlineData("a &amp; b &lt;c&gt; &#233;&#x20AC; &quot;q&quot;", "a & b <c> é€ \"q\"")]
    [InlineData("Amazon & Cloud; R&D", "Amazon & Cloud; R&D")]
    [InlineData("a < b &unknown; &#xD800;", "a < b &unknown; &#xD800;")]
    [InlineData("<![CDATA[1 < 2 & <x>]]>", "1 < 2 & <x>")]
    public async Task Entities_are_resolved_and_what_is_none_stays(string memo, string text) => Assert.Equal(text,
        Assert.Single((await ReadAsync(Of(Good.Replace("4001", memo, StringComparison.Ordinal)))).OfType<PaymentEntry>()).Notice.Text);

    [Theory]
    [InlineData("<OFX><STATUS><CODE>2000<SEVERITY>ERROR</STATUS></OFX>", "status-error")]
    [InlineData("<OFX><INVSTMTMSGSRSV1><INVSTMTRS>", "investments-refused")]
    [InlineData("<!DOCTYPE OFX SYSTEM \"http://example.org/ofx.dtd\"><OFX></OFX>", "dtd-refused")]
    [InlineData("<OFX><STMTTRN>", "file-cut-off")]
    [InlineData(":20:A", "document-unknown")]
    [InlineData("<?xml version=\"1.0\" encoding=\"klingon\"?><OFX></OFX>", "encoding-invalid")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-7\"?><OFX></OFX>", "encoding-invalid")]
    public async Task A_file_that_cannot_be_trusted_is_refused(string file, string code) =>
        Assert.Equal(code, Assert.IsType<FileRefused>((await ReadAsync(file))[^1]).Code);

    [Fact]
    public async Task XML_and_SGML_read_alike()
    {
        var xml = System.Text.RegularExpressions.Regex.Replace(Of(Good), "<(CODE|SEVERITY|CURDEF|BANKID|ACCTID|TRNTYPE|DTPOSTED|TRNAMT|FITID|NAME|MEMO)>([^<]*)", "<$1>$2</$1>");
        Assert.Equal(await ReadAsync(Of(Good)), await ReadAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?OFX OFXHEADER=\"200\"?>\n" + xml));
    }

    [Theory]
    [InlineData("ENCODING:USASCII\nCHARSET:1252", "windows-1252")]
    [InlineData("ENCODING:USASCII\nCHARSET:1252", "utf-8")]
    [InlineData("ENCODING:UTF-8\nCHARSET:NONE", "utf-8")]
    [InlineData("ENCODING:USASCII\nCHARSET:8859-15", "iso-8859-15")]
    [InlineData("ENCODING:USASCII\nCHARSET:1251", "windows-1251")]
    public async Task Encodings_are_read_as_declared_and_UTF_8_is_seen(string header, string written)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var name = written == "windows-1251" ? "Юрий" : written == "iso-8859-15" ? "JÜRGEN €" : "JÜRGEN";
        var bytes = Encoding.GetEncoding(written).GetBytes($"OFXHEADER:100\n{header}\n\n" + Of(Good.Replace("JANE", name, StringComparison.Ordinal)));
        Assert.Equal(name, Assert.Single((await StatementEntries.ReadAsync(new OfxFormat(), bytes)).OfType<PaymentEntry>()).Notice.Payer?.Name);
    }

    [Fact]
    public async Task The_own_sample_reads_as_it_was_built()
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "ofx", "cp1252_comma.ofx"));
        var payment = Assert.Single((await StatementEntries.ReadAsync(new OfxFormat(), bytes)).OfType<PaymentEntry>()).Notice;
        Assert.Equal(("121000248/000111222/F0005", "10.00", "4001#INV-90", "JÜRGEN GROßE"), (payment.PspReference, payment.Amount.ToText(), payment.Text, payment.Payer?.Name));
    }

    private static string Of(string values) =>
        "<OFX><STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>121<ACCTID>000</BANKACCTFROM><BANKTRANLIST><STMTTRN>"
        + values + "</STMTTRN></BANKTRANLIST></STMTRS></OFX>";

    private static Task<List<Entry>> ReadAsync(string file, string settings = "{}") =>
        StatementEntries.ReadAsync(new OfxFormat(), Encoding.UTF8.GetBytes(file), settings);
}
