using System.Text;
using System.Text.Json;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Xml;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Xml;

public sealed class XmlFormatTests
{
    private const string Settings = """
        {"row":"/n/list/p","decimal_mark":",","thousands_marks":["."],"time_zone":"Africa/Nairobi","paid_at_formats":["dd.MM.yyyy HH:mm","dd.MM.yyyy"],
         "type_values":{"credit":["CR"],"debit":["DR"]},
         "fields":{"psp_reference":"id","amount":"sum","currency":"sum/@ccy","type":"dir","paid_at":["on","at"],"account":"to/@account","reference":"to",
                   "text":["memo","note"],"payer_phone":"from/phone","payer_account":"from/phone/@sim","original_reference":"undoes","shortcode":"/n/till"},
         "text_of":"first",
         "filters":[{"column":"status","in":["ok","done*"],"otherwise":"pending"},{"column":"undoes","equals":"","otherwise":"reversal"}]}
        """;

    [Fact]
    public async Task A_row_is_read_by_paths_of_elements_and_attributes()
    {
        var entries = await ReadAsync("""
            <x:n xmlns:x="urn:x"><till>600638</till><x:list>
              <p><id>1</id><sum ccy="kes">1.250,50</sum><dir>CR</dir><on>14.03.2026</on><at>09:30</at><to account="acme">4001</to><memo/><note> a <b>bold</b> note</note>
                 <from><phone sim="2">2547</phone></from><status>done well</status></p>
              <p><id>2</id><sum ccy="EUR">3,5</sum><dir>DR</dir><status>OK</status></p>
              <p><id>3</id><sum ccy="EUR">4</sum><dir>CR</dir><status>failed</status></p>
              <p><id>4</id><sum ccy="EUR">5</sum><dir>DR</dir><status>ok</status><undoes>1</undoes></p>
              <p><id>5</id><sum ccy="EUR">1</sum><dir>??</dir><status>ok</status></p>
              <p><id>6</id><id>7</id><sum ccy="EUR">1</sum><dir>CR</dir><on>15.03.2026</on><status>ok</status></p>
            </x:list></x:n>
            """, Settings);
        Assert.Equal("""
            1 payment KES 1250.50 1 a  note
            2 Outgoing EUR 3.50 2
            3 Pending EUR 4.00 3
            4 Reversal EUR 5.00 4 of 1
            5 fault type-unknown
            6 payment EUR 1.00 6
            """.ReplaceLineEndings("\n"), StatementEntries.Summary(entries));
        var first = entries.OfType<PaymentEntry>().First().Notice;
        Assert.Equal(("acme", "4001", "600638", "2547", "2"), (first.AccountId, first.ReferenceId, first.Shortcode, first.Payer?.Phone, first.Payer?.Account));
        Assert.Equal(new DateTimeOffset(2026, 3, 14, 6, 30, 0, TimeSpan.Zero), first.PaidAt?.Instant);
        Assert.True(entries.OfType<PaymentEntry>().Last().Notice.PaidAt?.DayOnly);
    }

    [Fact]
    public async Task A_source_without_ids_is_told_apart_by_hash()
    {
        const string Plain = """{"row":"r/p","currency":"EUR","fields":{"psp_reference_hash":["a","."],"amount":"@v","text":"."}}""";
        var entries = await ReadAsync("<r><p v=\"1\">x<a>1</a></p><p v=\"1\">x<a>1</a></p><p v=\"1\">y<a>1</a></p></r>", Plain);
        var references = entries.OfType<PaymentEntry>().Select(entry => entry.Notice.PspReference).ToList();
        Assert.Equal($"{references[0]}*2", references[1]);
        Assert.Equal(3, references.Distinct().Count());
        Assert.Equal("x", entries.OfType<PaymentEntry>().First().Notice.Text);
    }

    [Fact]
    public async Task What_one_group_says_is_not_said_of_the_next()
    {
        const string Grouped = """
            {"row":"r/g/p","fields":{"psp_reference":"@id","amount":"@v","currency":"/r/g/head/ccy","shortcode":"/r/g/@till","account":"/r/g/head/to","text":"/r/note"}}
            """;
        var entries = await ReadAsync("""
            <r><note>n</note>
              <g till="1"><head><ccy>KES</ccy><to>acme</to></head><p id="1" v="1"/><p id="2" v="2"/></g>
              <g><head><ccy>UGX</ccy></head><p id="3" v="3"/></g>
              <g till="4"><head><to>beta</to></head><p id="4" v="4"/></g>
              <g till="5"><p id="5" v="5"/></g>
            </r>
            """, Grouped);
        Assert.Equal("""
            1 payment KES 1.00 1 n
            2 payment KES 2.00 2 n
            3 payment UGX 3 3 n
            4 fault currency-unknown
            5 fault currency-unknown
            """.ReplaceLineEndings("\n"), StatementEntries.Summary(entries));
        var notices = entries.OfType<PaymentEntry>().Select(entry => entry.Notice).ToList();
        Assert.Equal(("1", "acme"), (notices[1].Shortcode, notices[1].AccountId));
        Assert.Equal((null, null), (notices[2].Shortcode, notices[2].AccountId));
    }

    [Theory]
    [InlineData("<other/>", "document-unknown")]
    [InlineData("<!DOCTYPE n [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><n>&a;</n>", "xml-malformed")]
    [InlineData("<n><list><p>", "xml-malformed")]
    [InlineData("id,amount", "xml-malformed")]
    public async Task A_file_that_cannot_be_trusted_is_refused(string file, string code) =>
        Assert.Equal(code, Assert.IsType<FileRefused>((await ReadAsync(file, Settings))[^1]).Code);

    [Fact]
    public async Task A_document_type_is_refused_in_words_for_who_sent_it()
    {
        var refused = Assert.IsType<FileRefused>(Assert.Single(await ReadAsync("<!DOCTYPE n [<!ENTITY a \"b\">]><n>&a;</n>", Settings)));
        Assert.StartsWith("It has a document type (DTD)", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_is_too_large_refuses_the_file()
    {
        var many = "<n><list><p>" + string.Concat(Enumerable.Repeat("<q/>", 100_001)) + "</p></list></n>";
        Assert.Equal("row-too-large", Assert.IsType<FileRefused>((await ReadAsync(many, Settings))[^1]).Code);
        var deep = "<n>" + string.Concat(Enumerable.Repeat("<q>", 1_000));
        Assert.Equal("xml-too-deep", Assert.IsType<FileRefused>((await ReadAsync(deep, Settings))[^1]).Code);
    }

    [Fact]
    public async Task A_file_without_rows_is_empty() => Assert.Empty(await ReadAsync("<n><list/></n>", Settings));

    [Theory]
    [InlineData("""{"currency":"EUR","fields":{"psp_reference":"id","amount":"a"}}""", "row")]
    [InlineData("""{"row":"r/@p","currency":"EUR","fields":{"psp_reference":"id","amount":"a"}}""", "row")]
    [InlineData("""{"row":"r/p","currency":"EUR","fields":{"psp_reference":"id","amount":3}}""", "fields")]
    [InlineData("""{"row":"r/p","currency":"EUR","fields":{"psp_reference":"id[1]","amount":"a"}}""", "fields")]
    [InlineData("""{"row":"r/p","fields":{"psp_reference":"id","amount":"a"}}""", "currency")]
    [InlineData("""{"row":"r/p","currency":"EUR","fields":{"amount":"a"}}""", "fields.psp_reference")]
    [InlineData("""{"row":"r/p","currency":"EUR","columns":{},"fields":{"psp_reference":"id","amount":"a"}}""", "columns")]
    public void Wrong_settings_are_refused_by_name(string settings, string field) =>
        Assert.Contains(XmlSettings.Parse(JsonElement.Parse(settings)).Refused!.Faults, fault => fault.Field.StartsWith(field, StringComparison.Ordinal));

    private static Task<List<Entry>> ReadAsync(string file, string settings) =>
        StatementEntries.ReadAsync(new XmlFormat(), Encoding.UTF8.GetBytes(file), settings);
}
