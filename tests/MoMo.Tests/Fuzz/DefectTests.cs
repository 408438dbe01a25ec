using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Routing;
using MoMo.Edge.Formats.Camt;
using MoMo.Edge.Formats.Csv;
using MoMo.Edge.Formats.Json;
using MoMo.Edge.Psps;
using MoMo.Edge.Psps.MPesa;
using MoMo.Edge.Webhooks;
using MoMo.Silo.Api;
using MoMo.Silo.Demo;
using MoMo.Storage.Management;
using MoMo.Tests.Formats.Camt;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Fuzz;

/// <summary>What the fuzzer found once, by the shortest input that showed it.</summary>
public sealed class DefectTests
{
    private const string Columns = """ "currency":"KES","columns":{"psp_reference":"Id","amount":"Amount","paid_at":"Day"} """;

    [Fact]
    public async Task A_csv_row_of_broken_quotes_does_not_cost_a_copy_of_itself_for_each()
    {
        var before = GC.GetTotalAllocatedBytes();
        var entries = await StatementEntries.ReadAsync(new CsvFormat(),
            Encoding.UTF8.GetBytes($"Id,Amount,Day\n{string.Concat(Enumerable.Repeat("x\":1,", 20_000))}\n"), $"{{{Columns}}}");
        Assert.Equal("2 fault row-torn", StatementEntries.Summary(entries).Replace("row-long", "row-torn", StringComparison.Ordinal));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1L << 30);
    }

    [Fact]
    public async Task A_csv_header_of_broken_quotes_refuses_the_file() => Assert.Equal("1 refused csv-malformed", StatementEntries.Summary(
        await StatementEntries.ReadAsync(new CsvFormat(), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\":1,", 20_000))), $"{{{Columns}}}")));

    [Theory]
    [InlineData("""[{"\udfff":""}]""")]
    [InlineData("""[{"rule":"\ud800"}]""")]
    [InlineData("""[{"rule":"shortcode","accounts":{"1":"\udc00"}}]""")]
    [InlineData("""[{"rule":"shortcode","accounts":{"1":"a","1":"b"}}]""")]
    public void A_rule_that_cannot_be_read_is_refused(string rules) =>
        Assert.Equal("rules-malformed", new RuleReader(new NoAccounts()).Read(JsonElement.Parse(rules)).Refused?.Code);

    [Theory]
    [InlineData("(?:.{0,30}a){0,30}", false)]
    [InlineData("(a{1,999}){1,9}", false)]
    [InlineData("((((a{1,5}){1,5}){1,5}){1,5}){1,5}", false)]
    [InlineData("[]{(]{99999}", false)]
    [InlineData("(?:(a){9}b[^]x{2}]{9}){9}", false)]
    [InlineData("^INV-[0-9]{4,12}(-(?<reference>[A-Z]{2}[0-9]{1,8})){1,3}$", true)]
    [InlineData("a{1,900}\\(b{", true)]
    public void A_pattern_whose_counts_multiply_is_refused(string pattern, bool fit)
    {
        var rules = JsonSerializer.SerializeToElement(new[] { new { rule = "pattern", account = "acme", pattern } });
        Assert.Equal(fit, new RuleReader(new NoAccounts()).Read(rules).Accepted is not null);
    }

    [Theory]
    [InlineData("""{"\udfff":[""]}""")]
    [InlineData("""{"addresses":["\ud800"]}""")]
    [InlineData("""{"when_unsure":"\ud800"}""")]
    public void Settings_with_half_a_surrogate_pair_are_refused(string settings)
    {
        Assert.Equal("settings-invalid", new MPesaFormat().CheckSettings(JsonElement.Parse(settings))?.Code);
        Assert.Equal("settings-invalid", CsvSettings.Parse(JsonElement.Parse(settings)).Refused?.Code);
        Assert.Equal("settings-invalid", CamtSettings.Parse(JsonElement.Parse(settings)).Refused?.Code);
    }

    [Theory]
    [InlineData(""" "encoding":"utf-7" """, "encoding")]
    [InlineData(""" "paid_at_formats":["*"] """, "paid_at_formats")]
    [InlineData(""" "paid_at_formats":["dd/MM/yyyy","%"] """, "paid_at_formats")]
    public void Csv_settings_that_could_never_work_are_refused(string setting, string field) =>
        Assert.Equal(field, Assert.Single(CsvSettings.Parse(JsonElement.Parse($"{{{Columns},{setting}}}")).Refused!.Faults).Field);

    [Fact]
    public void An_etag_that_the_framework_trips_over_matches_nothing()
    {
        var request = new DefaultHttpContext { Request = { Headers = { IfMatch = "W/  ", IfNoneMatch = "W/  " } } }.Request;
        Assert.False(ETags.IsKnown(request, 1));
        Assert.NotEqual(VersionMatch.Any, ETags.Match(request));
    }

    [Fact]
    public void A_refusal_does_not_repeat_a_body_that_is_no_json() =>
        Assert.InRange(PaymentReader.Read(Encoding.UTF8.GetBytes("nap" + new string('<', 10_000)), null).Refused!.Detail.Length, 1, 600);

    [Fact]
    public void Unknown_settings_are_counted_and_not_all_told()
    {
        var settings = JsonElement.Parse($$"""{{{string.Join(',', Enumerable.Range(0, 20_000).Select(number => $"\"{number}\":1"))}}}""");
        Assert.InRange(CsvSettings.Parse(settings).Refused!.Faults.Count, 1, 50);
    }

    [Fact]
    public void An_address_of_any_length_is_quoted_in_short() =>
        Assert.InRange(AddressList.Parse([new string('a', 100_000)]).Refused!.Faults[0].Detail.Length, 1, 200);

    [Theory]
    [InlineData("-9223372036854775808")]
    [InlineData("9223372036854775807")]
    public void A_webhook_from_the_end_of_time_is_too_old(string time)
    {
        var headers = new HeaderDictionary { ["webhook-id"] = "1", ["webhook-timestamp"] = time, ["webhook-signature"] = "v1," };
        Assert.Equal("too old", SignatureCheck.Fault(headers, [], [], DateTimeOffset.UnixEpoch.AddYears(56)));
    }

    [Theory]
    [InlineData("http://xn--\u00fc/", "url-host")]
    public void A_host_that_cannot_be_put_into_ascii_is_refused(string url, string code) => Assert.Equal(code, DestinationUrl.Check(url).Refused?.Code);

    [Fact]
    public void A_url_that_is_too_long_once_it_is_escaped_is_refused() =>
        Assert.Equal("url-too-long", DestinationUrl.Check($"http://a/{new string('ü', 400)}").Refused?.Code);

    [Fact]
    public void Metadata_with_exponents_that_cannot_be_compared_only_differs()
    {
        var notice = Notice("""{"a":1e9999999999}""");
        Assert.Equal(["metadata"], notice.DifferencesFrom(notice with { Metadata = """{"a":1e9999999998}""" }));
        Assert.Empty(notice.DifferencesFrom(notice with { }));
    }

    [Fact]
    public void Another_adapter_writes_ids_its_own_way()
    {
        var earlier = Notice("""{"a":1}""") with { Adapter = "callback", AccountId = "Acme", ReferenceId = "INV-1" };
        Assert.Empty((earlier with { Adapter = "statement", AccountId = "acme", ReferenceId = " inv-1 " }).DifferencesFrom(earlier));
        Assert.Equal(["account_id", "reference_id"], (earlier with { Adapter = "statement", AccountId = "beta", ReferenceId = "inv-2" }).DifferencesFrom(earlier));
        Assert.Equal(["account_id"], (earlier with { AccountId = "acme" }).DifferencesFrom(earlier)); // the same one changed its mind
    }

    [Theory]
    [InlineData("shortcode", "600638", "600639", null, null, null, null)]
    [InlineData("", "600638", null, null, null, null, null)]
    [InlineData("", " till-1", "TILL-1", null, null, null, null)]
    [InlineData("paid_at", null, null, "2026-03-01T09:30:00Z", "2026-03-03T09:30:01Z", null, null)]
    [InlineData("", null, null, "2026-03-01T09:30:00Z", "2026-03-01T23:30:00+14:00", null, null)]
    [InlineData("", null, null, "2026-03-01T09:30:00Z", "2026-03-09", null, null)]
    [InlineData("payer", null, null, null, null, "jane@example.com", "john@example.com")]
    [InlineData("", null, null, null, null, "jane@example.com", "Jane@Example.com ")]
    [InlineData("", null, null, null, null, "jane@example.com", "j***@example.com")]
    [InlineData("", null, null, null, null, "jane@example.com", "254700000000")]
    public void Another_adapter_tells_of_the_same_payment_only_if_nothing_speaks_against_it(
        string differs, string? shortcode, string? other, string? paidAt, string? otherTime, string? payer, string? otherPayer)
    {
        PaymentNotice Of(string adapter, string? number, string? at, string? account) => Notice("{}") with
        {
            Adapter = adapter,
            Shortcode = number,
            PaidAt = at is null ? null : new PaidAt(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal), DayOnly: at.Length == 10),
            Payer = account is null ? null : new Payer("Jane", null, account),
        };
        var (earlier, repeat) = (Of("callback", shortcode, paidAt, payer), Of("statement", other, otherTime, otherPayer));
        Assert.Equal(differs, string.Join(' ', repeat.DifferencesFrom(earlier)));
        Assert.Equal(differs, string.Join(' ', earlier.DifferencesFrom(repeat)));
    }

    [Fact]
    public void Metadata_of_a_form_has_the_limits_of_metadata_in_json()
    {
        Assert.Equal("too-long", OfForm($$"""{"a":"{{new string('€', 2_000)}}"}""").Refused?.Faults[0].Code);
        Assert.Equal("type", OfForm($"{{\"a\":{new string('[', 15)}{new string(']', 15)}}}").Refused?.Faults[0].Code);
        Assert.NotNull(OfForm($"{{\"a\":{new string('[', 14)}{new string(']', 14)}}}").Accepted);
    }

    [Fact]
    public async Task A_time_is_cut_to_what_is_kept_so_that_a_repeat_agrees()
    {
        var entries = await StatementEntries.ReadAsync(new CsvFormat(), "Id,Amount,Day\n1,1,2026-03-14T23:30:00.1234567\n"u8.ToArray(),
            $$"""{{{Columns}},"paid_at_formats":["yyyy-MM-dd'T'HH:mm:ss.fffffff"]}""");
        var paidAt = Assert.IsType<PaymentEntry>(entries.Single()).Notice.PaidAt!;
        Assert.Equal(new DateTimeOffset(2026, 3, 14, 23, 30, 0, 123, 456, TimeSpan.Zero), paidAt.Instant);
    }

    [Fact]
    public async Task A_day_with_an_offset_stays_that_day()
    {
        var entries = await StatementEntries.ReadAsync(new CsvFormat(), "Id,Amount,Day\n1,1,2026-03-14+03:00\n"u8.ToArray(),
            $$"""{{{Columns}},"paid_at_formats":["yyyy-MM-ddzzz"]}""");
        Assert.Equal(new PaidAt(new DateTimeOffset(2026, 3, 14, 0, 0, 0, TimeSpan.Zero), DayOnly: true),
            Assert.IsType<PaymentEntry>(entries.Single()).Notice.PaidAt);
    }

    [Theory]
    [InlineData("\\u0001tail")]
    [InlineData("\\ud83d\\ude00")]
    public void An_id_that_is_too_long_is_refused_and_never_cut(string end)
    {
        var message = C2bMessage.Parse(Encoding.UTF8.GetBytes(
            $$"""{"TransID":"{{new string('A', 200)}}{{end}}","TransAmount":"1","TransTime":"20260314233000","BusinessShortCode":"600000"}"""));
        Assert.Equal("TransID", Assert.Single(message.Refused!.Faults).Field);
    }

    [Fact]
    public async Task A_csv_id_that_is_too_long_is_a_fault_and_never_cut() => Assert.Equal("2 fault psp-reference-too-long", StatementEntries.Summary(
        await StatementEntries.ReadAsync(new CsvFormat(), Encoding.UTF8.GetBytes($"Id,Amount,Day\n{new string('A', 200)}😀,1,2026-03-14\n"), $"{{{Columns}}}")));

    [Fact]
    public void A_c2b_name_with_half_a_surrogate_pair_is_refused() =>
        Assert.Equal("json-malformed", C2bMessage.Parse("""{"\udfff":"","":"","":""}"""u8.ToArray()).Refused?.Code);

    [Theory]
    [InlineData("""<?l?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><MsgId>&#xD800;""")]
    [InlineData("""<?l?><Document xmlns="😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀">""")]
    public async Task A_refusal_that_quotes_the_file_can_be_kept(string file) =>
        Kept.Text(Assert.IsType<FileRefused>((await StatementEntries.ReadAsync(CamtFormat.Statement, Encoding.UTF8.GetBytes(file))).Single()).Detail, 500);

    [Fact]
    public async Task A_fault_that_quotes_an_amount_can_be_kept() => Kept.Text(Assert.IsType<FaultEntry>(
        (await StatementEntries.ReadAsync(CamtFormat.Statement, Encoding.UTF8.GetBytes(CamtFile.Of(CamtFile.Entry($"{new string('1', 31)}😀"))))).First()).Detail, 500);

    [Fact]
    public async Task A_batch_of_very_many_transactions_is_read_in_time_linear_to_it()
    {
        const int Transactions = 120_000;
        var details = string.Concat(Enumerable.Repeat("<TxDtls><Amt Ccy=\"EUR\">0.01</Amt></TxDtls>", Transactions));
        var file = Encoding.UTF8.GetBytes(CamtFile.Of(
            $"<Ntry><Amt Ccy=\"EUR\">1200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>{details}</Ntry>"));
        var reading = StatementEntries.ReadAsync(CamtFormat.Statement, file);
        // Searched again for each of its transactions, the entry would take minutes.
        var entries = await reading.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(Transactions, entries.OfType<PaymentEntry>().Count());
    }

    [Fact]
    public async Task A_file_whose_every_element_has_a_new_name_is_refused()
    {
        var file = CamtFile.Head + string.Concat(Enumerable.Range(0, 200_000).Select(number => $"<name{number}/>")) + CamtFile.Tail;
        Assert.Equal("1 refused names-too-many", StatementEntries.Summary(await StatementEntries.ReadAsync(CamtFormat.Statement, Encoding.UTF8.GetBytes(file))));
    }

    private static PaymentNotice Notice(string metadata) =>
        new() { Psp = "psp", PspReference = "1", Amount = Money.Parse("1", "KES").Accepted!, Metadata = metadata };

    private static Engine.Outcome<PaymentNotice> OfForm(string metadata) => PaymentForm.ReadAsync(
        Encoding.UTF8.GetBytes($"psp=psp&psp_reference=1&account_id=a&amount=1&currency=KES&metadata={metadata}"),
        new Microsoft.Net.Http.Headers.MediaTypeHeaderValue(PaymentForm.UrlEncoded), new PaymentDraft()).AsTask().GetAwaiter().GetResult();
}
