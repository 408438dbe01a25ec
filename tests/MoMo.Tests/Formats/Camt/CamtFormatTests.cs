using System.Text;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Camt;
using MoMo.Tests.Specs;
using static MoMo.Tests.Formats.Camt.CamtFile;

namespace MoMo.Tests.Formats.Camt;

public sealed class CamtFormatTests
{
    [Fact]
    public async Task Twins_in_one_statement_are_two_payments_and_a_copy_repeats_their_references()
    {
        var file = Of(Entry("5.00", text: "4001#A"), Entry("5.00", text: "4001#A"), Entry("5.00", reference: "X", text: "a"),
            Entry("5.00", reference: "X", text: "a"));
        var references = (await ReadAsync(file)).OfType<PaymentEntry>().Select(entry => entry.Notice.PspReference).ToList();
        Assert.Equal(4, references.Distinct().Count());
        Assert.Equal($"{references[0]}*2", references[1]);
        Assert.Equal([$"{Account}/X", $"{Account}/X*2"], references[2..]);
        Assert.Equal(references, (await ReadAsync(file)).OfType<PaymentEntry>().Select(entry => entry.Notice.PspReference));
    }

    [Fact]
    public async Task A_message_beside_the_one_that_is_chosen_for_an_account_only_notes()
    {
        var file = Of(Entry("5.00", reference: "A", text: "4001"), Entry("2.00", "DBIT", "B", more: "<RvslInd>true</RvslInd>"), Entry("1.00", "DBIT", "C"),
            Entry("3.00", "CRDT", "D", more: "<RvslInd>true</RvslInd>"), Batch("3.00", "E", ("1.00", ""), ("2.00", "")));
        Assert.Equal($"""
            1 Info EUR 5.00 {Account}/A
            2 Reversal EUR 2.00 {Account}/B
            3 Outgoing EUR 1.00 {Account}/C
            4 Return EUR 3.00 {Account}/D
            5 Info EUR 1.00 {Account}/E#1
            6 Info EUR 2.00 {Account}/E#2
            """.ReplaceLineEndings("\n"), StatementEntries.Summary(await StatementEntries.ReadAsync(CamtFormat.Statement, Encoding.UTF8.GetBytes(file), """{"payments":false}""")));
    }

    [Theory]
    [InlineData("NOTPROVIDED")]
    [InlineData("Not Provided")]
    [InlineData("nonref")]
    public async Task A_word_for_no_id_is_no_id(string none)
    {
        var notice = Assert.Single((await ReadAsync(Of(Entry("5.00", reference: none, text: "4001")))).OfType<PaymentEntry>()).Notice;
        Assert.StartsWith($"{Account}/hash:", notice.PspReference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_money_in_an_overlapping_statement_has_the_same_reference()
    {
        var later = Of(Entry("1.00", reference: "B"), Entry("2.00", reference: "C")).Replace("STMT-1", "STMT-2", StringComparison.Ordinal);
        var one = (await ReadAsync(Of(Entry("3.00", reference: "A"), Entry("1.00", reference: "B")))).OfType<PaymentEntry>().Last();
        Assert.Equal(one.Notice, (await ReadAsync(later)).OfType<PaymentEntry>().First().Notice);
    }

    [Fact]
    public async Task A_line_without_ids_is_one_payment_in_statements_that_overlap_whatever_the_number_it_has_there()
    {
        var morning = Of(Entry("1.00", text: "4001#A", more: "<NtryRef>1</NtryRef>"), Entry("2.00", text: "4001#B", more: "<NtryRef>2</NtryRef>"));
        var evening = Of(Entry("2.00", text: "4001#B", more: "<NtryRef>1</NtryRef>"), Entry("2.00", text: "4001#B", more: "<NtryRef>2</NtryRef>"))
            .Replace("STMT-1", "STMT-2", StringComparison.Ordinal);
        var first = (await ReadAsync(morning)).OfType<PaymentEntry>().Select(entry => entry.Notice.PspReference).ToList();
        var second = (await ReadAsync(evening)).OfType<PaymentEntry>().Select(entry => entry.Notice.PspReference).ToList();
        Assert.Equal([first[1], $"{first[1]}*2"], second);
    }

    [Fact]
    public async Task A_pending_entry_of_a_report_is_a_notice_and_the_statement_makes_the_payment()
    {
        var report = Of(Entry("7.00", reference: "A", status: "PDNG")).Replace("camt.053", "camt.052", StringComparison.Ordinal)
            .Replace("BkToCstmrStmt", "BkToCstmrAcctRpt", StringComparison.Ordinal).Replace("Stmt>", "Rpt>", StringComparison.Ordinal);
        Assert.Equal($"1 Pending EUR 7.00 {Account}/A",
            StatementEntries.Summary(await StatementEntries.ReadAsync(CamtFormat.Report, Encoding.UTF8.GetBytes(report))));
        Assert.Equal($"1 payment EUR 7.00 {Account}/A", StatementEntries.Summary(await ReadAsync(Of(Entry("7.00", reference: "A")))));
    }

    [Fact]
    public async Task A_booked_line_without_ids_has_one_reference_in_report_and_statement()
    {
        var report = Of(Entry("7.00", text: "4001#A").Replace("<Dt>2026-03-14</Dt>", "<DtTm>2026-03-14T09:30:00</DtTm>", StringComparison.Ordinal))
            .Replace("camt.053", "camt.052", StringComparison.Ordinal).Replace("BkToCstmrStmt", "BkToCstmrAcctRpt", StringComparison.Ordinal)
            .Replace("Stmt>", "Rpt>", StringComparison.Ordinal);
        var early = Assert.Single((await StatementEntries.ReadAsync(CamtFormat.Report, Encoding.UTF8.GetBytes(report))).OfType<PaymentEntry>());
        var late = Assert.Single((await ReadAsync(Of(Entry("7.00", text: "4001#A")))).OfType<PaymentEntry>());
        Assert.Equal(early.Notice.PspReference, late.Notice.PspReference);
    }

    [Fact]
    public async Task Ids_are_taken_in_their_order() => await AssertReads($"""
        1 payment EUR 1.00 {Account}/TX
        2 payment EUR 1.00 {Account}/E
        3 payment EUR 1.00 {Account}/E2#1
        4 payment EUR 1.00 {Account}/E2#2
        5 payment EUR 1.00 {Account}/uetr:u
        6 payment EUR 1.00 {Account}/tx:t
        7 payment EUR 1.00 {Account}/hash:8fa9870bac3f2395c3edad3bed5487c6
        """,
        Batch("1", "E", ("1", "<Refs><AcctSvcrRef>TX</AcctSvcrRef></Refs>")),
        Batch("1", "E", ("1", "<Refs><UETR>u</UETR></Refs>")),
        Batch("2", "E2", ("1", ""), ("1", "")),
        Batch("1", "NONREF", ("1", "<Refs><UETR>u</UETR><TxId>t</TxId></Refs>")),
        Batch("1", null, ("1", "<Refs><TxId>t</TxId><EndToEndId>NOTPROVIDED</EndToEndId></Refs>")),
        Entry("1", more: "<NtryRef>N</NtryRef>"));

    [Fact]
    public async Task Only_what_is_booked_is_money() => await AssertReads($"""
        1 Pending EUR 1.00 {Account}/A
        2 Info EUR 1.00 {Account}/B
        3 Pending EUR 1.00 {Account}/C
        4 Outgoing EUR 1.00 {Account}/D
        5 Reversal EUR 1.00 {Account}/E
        6 Return EUR 1.00 {Account}/F
        7 Info
        """,
        Entry("1.00", reference: "A", status: "PDNG"),
        Entry("1.00", reference: "B", status: "INFO"),
        Entry("1.00", reference: "C", status: "FUTR"),
        Entry("1.00", "DBIT", reference: "D"),
        Entry("1.00", "DBIT", reference: "E", more: "<RvslInd>true</RvslInd>"),
        Entry("1.00", "CRDT", reference: "F", more: "<RvslInd>1</RvslInd>"),
        Entry("0.00", reference: "G"));

    [Fact]
    public async Task A_batch_is_its_transactions_or_is_held() => await AssertReads($"""
        1 payment EUR 10.00 {Account}/B#1 one
        2 Return EUR 20.00 {Account}/B#2
        3 fault batch-sum-mismatch
        4 fault batch-unreadable
        5 payment EUR 5.00 {Account}/E
        6 fault batch-unreadable
        """,
        Batch("30.00", "B", ("10", "<RmtInf><Ustrd>one</Ustrd></RmtInf>"), ("20.00", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")),
        Batch("31.00", "C", ("10", ""), ("20", "")),
        Batch("30.00", "D", ("10", ""), ("", "")),
        Batch("5.00", "E", ("", "<RmtInf><Ustrd>one</Ustrd></RmtInf>"), ("", "")),
        Batch("3.00", "F", ("1", ""), ("2", "")).Replace("<Amt Ccy=\"EUR\">2<", "<Amt Ccy=\"SEK\">2<", StringComparison.Ordinal));

    [Fact]
    public async Task An_entry_without_what_makes_it_one_is_a_fault_and_the_rest_is_read() => await AssertReads($"""
        1 fault entry-incomplete
        2 fault entry-incomplete
        3 fault amount-too-fine
        4 fault currency-unknown
        5 fault paid-at-malformed
        6 payment EUR 0.50 {Account}/A
        7 fault amount-not-positive
        """,
        "<Ntry><CdtDbtInd>CRDT</CdtDbtInd></Ntry>",
        "<Ntry><Amt Ccy=\"EUR\">1.00</Amt></Ntry>",
        Entry("1.005"),
        Entry("1.00").Replace("EUR", "XTS", StringComparison.Ordinal),
        Entry("1.00").Replace("2026-03-14", "2026-02-30", StringComparison.Ordinal),
        Entry("+.5", reference: "A"),
        Entry("-1.00"));

    [Theory]
    [InlineData("2026-03-14T23:30:00-05:00", "2026-03-15T04:30:00+00:00", false)]
    [InlineData("2026-03-15T04:30:00Z", "2026-03-15T04:30:00+00:00", false)]
    [InlineData("2026-03-14T23:30:00.123456789", "2026-03-14T22:30:00.1234567+00:00", false)]
    [InlineData("2026-07-14T23:30:00", "2026-07-14T21:30:00+00:00", false)]
    [InlineData("2026-03-14", "2026-03-14T00:00:00+00:00", true)]
    [InlineData("2026-03-14+01:00", "2026-03-14T00:00:00+00:00", true)]
    public async Task A_time_without_a_zone_is_the_banks_and_a_day_stays_a_day(string written, string instant, bool dayOnly)
    {
        var element = dayOnly ? "Dt" : "DtTm";
        var file = Of(Entry("1.00").Replace("<Dt>2026-03-14</Dt>", $"<{element}>{written}</{element}>", StringComparison.Ordinal));
        var paidAt = Assert.Single((await ReadAsync(file, """{"time_zone":"Europe/Berlin"}""")).OfType<PaymentEntry>()).Notice.PaidAt;
        Assert.Equal(new(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), dayOnly), paidAt);
    }

    [Theory]
    [InlineData("<Ustrd>MUSTER 1</Ustrd><Ustrd>MUSTER 2</Ustrd>", "MUSTER 1 MUSTER 2")]
    [InlineData("<Ustrd>Free text max 140 characters and ma</Ustrd><Ustrd>x 35 characters in one line</Ustrd>",
        "Free text max 140 characters and max 35 characters in one line")]
    [InlineData("<Ustrd>free</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd>", "RF18539007547034")]
    [InlineData("<Strd><CdtrRefInf><Ref>1</Ref></CdtrRefInf></Strd><Strd><CdtrRefInf><Ref>2</Ref></CdtrRefInf></Strd>", "1 2")]
    [InlineData("<Strd><AddtlRmtInf>x</AddtlRmtInf></Strd>", "E2E")]
    public async Task The_text_is_what_the_payer_wrote(string remittance, string text)
    {
        var file = Of(Batch("1.00", "A", ("1.00", $"<Refs><EndToEndId>E2E</EndToEndId></Refs><RmtInf>{remittance}</RmtInf>")));
        Assert.Equal(text, Assert.Single((await ReadAsync(file)).OfType<PaymentEntry>()).Notice.Text);
    }

    [Theory]
    [InlineData("RF18539007547034", true)]
    [InlineData("rf18 5390 0754 7034", true)]
    [InlineData("RF19539007547034", false)]
    [InlineData("RF18", false)]
    [InlineData("3900", true)]
    public async Task A_wrong_check_digit_is_a_warning_and_the_money_is_kept(string reference, bool right)
    {
        var entries = await ReadAsync(Of(Batch("1.00", "A",
            ("1.00", $"<RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf>"))));
        Assert.Equal(reference, Assert.Single(entries.OfType<PaymentEntry>()).Notice.Text);
        Assert.Equal(right ? 0 : 1, entries.OfType<WarningEntry>().Count(warning => warning.Code == "creditor-reference-check"));
    }

    [Theory]
    [InlineData("OPBD", "100.00", "CRDT", "101.00", "CRDT", true)]
    [InlineData("PRCD", "100.00", "DBIT", "99.00", "DBIT", true)]
    [InlineData("OPBD", "100.00", "CRDT", "100.00", "CRDT", false)]
    [InlineData("OPBD", "0.5", "DBIT", "0.50", "CRDT", true)]
    public async Task Balances_that_do_not_close_hold_the_statement_or_warn(string code, string opening, string openingMark, string closing,
        string closingMark, bool closes)
    {
        var file = Of(Balance(code, opening, openingMark), Balance("CLBD", closing, closingMark), Entry("1.00", reference: "A"));
        Assert.Equal(closes ? [] : [(1, 1, "balance-mismatch")], (await ReadAsync(file)).OfType<HeldEntry>().Select(held => (held.From, held.Position, held.Code)));
        Assert.Equal(closes ? [] : ["balance-mismatch"],
            (await ReadAsync(file, """{"balance_mismatch":"take"}""")).OfType<WarningEntry>().Select(warning => warning.Code));
    }

    [Theory]
    [InlineData("""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>""", "body-unknown")]
    [InlineData("""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.99"><BkToCstmrStmt/></Document>""", "document-unknown")]
    [InlineData("""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn/></Document>""", "document-unknown")]
    [InlineData("<Document><BkToCstmrStmt/></Document>", "document-unknown")]
    [InlineData("""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><Other/></Document>""", "body-unknown")]
    [InlineData("""<!DOCTYPE d [<!ENTITY a "b">]><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt/></Document>""", "xml-malformed")]
    [InlineData(":20:STARTUMS", "xml-malformed")]
    [InlineData("", "xml-malformed")]
    public async Task A_file_of_another_kind_is_refused(string file, string code) =>
        Assert.Equal(code, Assert.IsType<FileRefused>(Assert.Single(await ReadAsync(file))).Code);

    [Theory]
    [InlineData("""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.01"><BkToCstmrStmtV01><Stmt/></BkToCstmrStmtV01></Document>""")]
    [InlineData("""<n:Document xmlns:n="urn:iso:std:iso:20022:tech:xsd:camt.053.001.10"><n:BkToCstmrStmt><n:Stmt></n:Stmt></n:BkToCstmrStmt></n:Document>""")]
    public async Task Versions_and_prefixes_are_read(string file) => Assert.Empty(await ReadAsync(file));

    [Fact]
    public async Task Version_1_is_read_though_it_nests_otherwise()
    {
        var entries = await ReadAsync("""
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.01"><BkToCstmrStmtV01><Stmt><Id>S</Id><Acct><Id><BBAN>4711</BBAN></Id></Acct>
              <Bal><Tp><Cd>OPBD</Cd></Tp><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
              <Bal><Tp><Cd>CLBD</Cd></Tp><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
              <Ntry><Amt Ccy="EUR">3.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><AcctSvcrRef>A</AcctSvcrRef><Btch><NbOfTxs>2</NbOfTxs></Btch>
                <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">1.00</Amt></TxAmt></AmtDtls>
                  <RmtInf><Strd><CdtrRefInf><CdtrRef>RF18539007547034</CdtrRef></CdtrRefInf></Strd></RmtInf></TxDtls>
                <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">2.00</Amt></TxAmt></AmtDtls></TxDtls>
              </Ntry></Stmt></BkToCstmrStmtV01></Document>
            """);
        Assert.Equal(
            "1 payment EUR 1.00 4711/A#1 RF18539007547034\n2 payment EUR 2.00 4711/A#2\n2 held 1 balance-mismatch",
            StatementEntries.Summary(entries));
    }

    [Fact]
    public async Task Elements_nested_too_deep_refuse_the_file()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 100_000));
        Assert.Equal("xml-too-deep", Assert.IsType<FileRefused>((await ReadAsync(Head + Entry("1.00") + deep))[^1]).Code);
    }

    [Fact]
    public async Task An_entry_of_too_many_details_refuses_the_file()
    {
        var details = string.Concat(Enumerable.Repeat("<TxDtls/>", 500_001));
        var entries = await ReadAsync(Head + Entry("1.00", reference: "A") + "<Ntry><NtryDtls>" + details + "</NtryDtls></Ntry>" + Tail);
        Assert.Equal("entry-too-large", Assert.IsType<FileRefused>(entries[^1]).Code);
    }

    [Fact]
    public async Task A_code_page_is_read_as_declared()
    {
        var file = Of(Entry("1.00", text: "Müller €")).Replace("UTF-8", "windows-1252", StringComparison.Ordinal);
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var entries = await StatementEntries.ReadAsync(CamtFormat.Statement, Encoding.GetEncoding(1252).GetBytes(file));
        Assert.Equal("Müller €", Assert.Single(entries.OfType<PaymentEntry>()).Notice.Text);
    }

    [Fact]
    public async Task Wrong_settings_refuse_the_file()
    {
        var refused = Assert.IsType<FileRefused>(Assert.Single(await ReadAsync(Of(), """{"time_zone":"Mars/Olympus","tz":1}""")));
        Assert.Equal("settings-invalid", refused.Code);
        Assert.Contains("Mars/Olympus", refused.Detail, StringComparison.Ordinal);
        Assert.Contains("tz", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_without_an_account_holds_its_money() =>
        Assert.Equal("1 fault account-missing",
            StatementEntries.Summary(await ReadAsync(Of(Entry("1.00")).Replace("IBAN>", "Nope>", StringComparison.Ordinal))));

    private static string Balance(string code, string amount, string mark) =>
        $"""<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd></Bal>""";

    private static async Task AssertReads(string expected, params string[] entries) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), StatementEntries.Summary(await ReadAsync(Of(entries))));

    private static Task<List<Entry>> ReadAsync(string file, string settings = "{}") =>
        StatementEntries.ReadAsync(CamtFormat.Statement, Encoding.UTF8.GetBytes(file), settings);
}
