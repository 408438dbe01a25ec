using System.Text;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats.Mt940;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Mt940;

public sealed class Mt940FormatTests
{
    private const string Account = "DE89370400440532013000";

    [Fact]
    public async Task Marks_say_which_way_money_goes_and_the_balance_proves_it() => await AssertReads($"""
        5 payment EUR 10.00 {Account}/A
        6 Outgoing EUR 1.00 {Account}/B
        7 Reversal EUR 2.00 {Account}/C
        8 Return EUR 0.50 {Account}/D
        9 Pending EUR 7.00 {Account}/E
        10 Pending EUR 8.00 {Account}/F
        11 Info  {Account}/G
        12 payment EUR 3.00 {Account}/H
        """, "10,50",
        "2603140314C10,00NTRFNONREF//A", "2603140314D1,NTRFNONREF//B", "2603140314RC2,00NTRFNONREF//C", "2603140314RDR,50NTRFNONREF//D",
        "2603140314EC7,NTRFNONREF//E", "2603140314ED8,NTRFNONREF//F", "2603140314C0,00NTRFNONREF//G", "2603140314CR3,00NTRFNONREF//H");

    [Theory]
    [InlineData("2603140314C1.234,56NTRFNONREF//A", "1234.56", "")]
    [InlineData("260314C000000000077,NTRFX", "77.00", "X")]
    [InlineData("260314    CD1,5NMSCNONREF//", "1.50", "")]
    [InlineData("2603140314CR653,00S445328556-76501096", "653.00", "328556-76501096")]
    [InlineData("260314C25,03NOV NONREF", "25.03", "")]
    [InlineData("260314C1,00ntrfa reference longer than sixteen letters//A", "1.00", "a reference longer than sixteen letters")]
    [InlineData("260314C1,00    REF 1", "1.00", "REF 1")]
    public async Task A_line_is_read_however_loosely_it_is_written(string line, string amount, string reference)
    {
        var notice = Assert.Single((await ReadAsync(Of("9", line), """{"balance_mismatch":"take"}""")).OfType<PaymentEntry>()).Notice;
        Assert.Equal((amount, reference), (notice.Amount.ToText(), notice.Text ?? ""));
        Assert.Equal(new PaidAt(new DateTimeOffset(2026, 3, 14, 0, 0, 0, TimeSpan.Zero), true), notice.PaidAt);
    }

    [Theory]
    [InlineData("2512310102", "2026-01-02")]
    [InlineData("2601021231", "2025-12-31")]
    [InlineData("2403010229", "2024-02-29")]
    [InlineData("2603140314", "2026-03-14")]
    [InlineData("2503010229", "2024-02-29")]
    public async Task An_entry_day_is_in_the_year_nearest_to_the_value_day(string days, string entry)
    {
        var notice = Assert.Single((await ReadAsync(Of("1", $"{days}C1,NTRFNONREF"))).OfType<PaymentEntry>()).Notice;
        Assert.Contains($"\"entry_date\":\"{entry}\"", notice.Metadata, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2602300301C1,NTRFNONREF//A", "paid-at-malformed")]
    [InlineData("2613010301C1,NTRFNONREF//A", "paid-at-malformed")]
    [InlineData("C1,NTRFNONREF//A", "line-malformed")]
    [InlineData("2603140314C1;50NTRFNONREF//A", "entry")]
    [InlineData("2603140314C1,005NTRFNONREF//A", "amount-too-fine")]
    [InlineData("2603140314X1,00NTRFNONREF//A", "line-malformed")]
    [InlineData("2603140314C999999999999999999999999999999,NTRFNONREF//A", "amount-too-large")]
    [InlineData("2603140314D99999999999999999999,NTRFNONREF//A", "amount-too-large")]
    public async Task A_line_that_cannot_be_trusted_is_a_fault(string line, string code)
    {
        var entries = await ReadAsync(Of("1", line));
        if (code == "entry") Assert.Equal("EUR 1.00", Assert.Single(entries.OfType<PaymentEntry>()).Notice.Amount.ToString());
        else Assert.Equal(code, Assert.Single(entries.OfType<FaultEntry>()).Code);
    }

    [Theory]
    [InlineData("166?00GUTSCHRIFT?20EREF+E2E-1?21SVWZ+4001#IN?22V-77?30X?31DE1?32JANE?33 DOE", "4001#INV-77", "JANE DOE", "DE1", "E2E-1")]
    [InlineData("166?20EREF+E2E-1?32X", "E2E-1", "X", null, "E2E-1")]
    [InlineData("166?20EREF+O'NEILL & CO?32X", "O'NEILL & CO", "X", null, "O'NEILL & CO")]
    [InlineData("166?20EREF+NOTPROVIDED?32X", "CUST", "X", null, null)]
    [InlineData("166?20EREF+Not provided?32X", "CUST", "X", null, null)]
    [InlineData("166?20plain ?21text?60 and more", "plain text and more", null, null, null)]
    [InlineData("000>100987>20 HUUR>21 KANTOOR>310390", "HUUR KANTOOR", null, "0390", null)]
    [InlineData("/EREF/E1/ORDP//NAME/JANE/REMI/4001#1/ISDT/2026-03-14", "4001#1", "JANE", null, "E1")]
    [InlineData("/TRTP/SEPA/IBAN/NL1/BIC/X/NAME/JANE/REMI/USTD//4001#1/EREF/NOTPROVIDED", "4001#1", "JANE", "NL1", null)]
    [InlineData("/CNTP/NL2/INGBNL2A/JANE DOE/CITY//REMI/STRD/CUR/9001/", "9001", "JANE DOE", "NL2", null)]
    [InlineData("/ORDP/3000/JANE DOO/747//747/invoice 747", "/ORDP/3000/JANE DOO/747//747/invoice 747", "JANE DOO", "3000", null)]
    [InlineData("just a text", "just a text", null, null, null)]
    [InlineData("", "CUST", null, null, null)]
    public async Task Field_86_tells_text_payer_and_id(string information, string text, string? name, string? account, string? id)
    {
        var notice = Assert.Single((await ReadAsync(Of("1", $"2603140314C1,NTRFCUST//A\r\n:86:{information}"))).OfType<PaymentEntry>()).Notice;
        Assert.Equal((text, name, account), (notice.Text, notice.Payer?.Name, notice.Payer?.Account));
        Assert.Equal(id is not null, notice.Metadata!.Contains($"\"end_to_end_id\":\"{id}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_time_that_was_wrapped_is_no_field()
    {
        var entries = await ReadAsync(Of("1", "2603140314C1,NTRFNONREF//A\r\n:86:166?20SVWZ+card 2026-03-14T16\r\n:20:37 No 1?21 4001"));
        Assert.Equal("card 2026-03-14T16:20:37 No 1 4001", Assert.Single(entries.OfType<PaymentEntry>()).Notice.Text);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("\r")]
    public async Task Ends_of_lines_blocks_and_header_lines_do_not_matter(string end)
    {
        var message = Of("1", "2603140314C1,NTRFNONREF//A\r\n:86:4001");
        var file = $"{{1:F01BANKDEFFAXXX}}{{2:I940X}}{{4:\r\n{message[..^3]}\r\n:86:of the statement\r\n-}}{{5:}}\r\nBANK\r\n940\r\n{Of("2", "2603150315C2,NTRFNONREF//B")}";
        var entries = await ReadAsync(file.Replace("\r\n", end, StringComparison.Ordinal));
        Assert.Equal(["4001", ""], entries.OfType<PaymentEntry>().Select(entry => entry.Notice.Text ?? ""));
        Assert.Equal(2, entries.Count);
    }

    [Theory]
    [InlineData("{4:")]
    [InlineData("a note {4: of mine")]
    [InlineData("-")]
    [InlineData("-}")]
    public async Task What_a_payer_typed_ends_no_statement(string typed)
    {
        var entries = await ReadAsync(Of("3", $"2603140314C1,NTRFNONREF//A\r\n:86:4001\r\n{typed}\r\nthanks", "2603140314C2,NTRFNONREF//B"));
        Assert.Equal(["A", "B"], entries.OfType<PaymentEntry>().Select(entry => entry.Notice.PspReference[(Account.Length + 1)..]));
        Assert.Equal($"4001 {typed} thanks", ((PaymentEntry)entries[0]).Notice.Text);
        Assert.Equal(2, entries.Count);
    }

    [Theory]
    [InlineData(":60F:C260313EUR0,")]
    [InlineData(":62F:C260314EUR1,")]
    public async Task A_balance_of_more_than_there_is_holds_the_statement(string balance)
    {
        var huge = balance.Replace("EUR0,", "EUR1,", StringComparison.Ordinal).Replace("EUR1,", $"EUR{new string('9', 30)},", StringComparison.Ordinal);
        var file = Of("1", "2603140314C1,NTRFNONREF//A").Replace(balance, huge, StringComparison.Ordinal);
        Assert.Equal("balance-unreadable", Assert.Single((await ReadAsync(file)).OfType<HeldEntry>()).Code);
    }

    [Fact]
    public async Task All_that_tells_of_one_line_has_a_limit()
    {
        var subfields = $":86:166{string.Concat(Enumerable.Repeat("?20", 10_000))}\r\n";
        Assert.Equal("1 refused field-too-large", StatementEntries.Summary(await ReadAsync(Of("1", $"2603140314C1,NTRFNONREF//A\r\n{subfields}{subfields}{subfields}"))));
        Assert.Equal($"5 payment EUR 1.00 {Account}/A\n7 payment EUR 1.00 {Account}/B", StatementEntries.Summary(await ReadAsync(
            Of("2", $"2603140314C1,NTRFNONREF//A\r\n{subfields.TrimEnd()}", $"2603140314C1,NTRFNONREF//B\r\n{subfields.TrimEnd()}"))));
    }

    [Fact]
    public async Task Twins_in_one_statement_are_two_payments_and_a_line_that_a_page_repeats_is_one()
    {
        const string Twin = "2603140314C5,00NTRFNONREF\r\n:86:4001#A";
        var first = (await ReadAsync(Of("10", Twin, Twin))).OfType<PaymentEntry>().Select(entry => entry.Notice).ToList();
        Assert.Equal($"{first[0].PspReference}*2", first[1].PspReference);
        var page = Of("5", Twin.Replace("#A", "\r\n#A", StringComparison.Ordinal)).Replace("/001", "/002", StringComparison.Ordinal).Replace("60F", "60M", StringComparison.Ordinal);
        Assert.Equal(first[0].PspReference, Assert.Single((await ReadAsync(page)).OfType<PaymentEntry>()).Notice.PspReference);
    }

    [Fact]
    public async Task A_bank_that_writes_the_same_on_every_line_is_read_by_hash()
    {
        var file = Of("3", "2603140314C1,NTRFNONREF//55555", "2603140314C2,NTRFNONREF//55555");
        Assert.Equal([$"{Account}/55555", $"{Account}/55555*2"], (await ReadAsync(file)).OfType<PaymentEntry>().Select(entry => entry.Notice.PspReference));
        var hashed = (await ReadAsync(file, """{"bank_references":false}""")).OfType<PaymentEntry>().Select(entry => entry.Notice.PspReference).ToList();
        Assert.All(hashed, reference => Assert.Matches($"^{Account}/hash:[0-9a-f]{{32}}$", reference));
        Assert.Equal(2, hashed.Distinct().Count());
    }

    [Fact]
    public async Task A_statement_that_does_not_balance_is_held_and_the_next_is_not()
    {
        var file = Of("9", "2603140314C1,NTRFNONREF//A") + Of("2", "2603140314C2,NTRFNONREF//B");
        Assert.Equal($"5 payment EUR 1.00 {Account}/A\n6 held 5 balance-mismatch\n12 payment EUR 2.00 {Account}/B", StatementEntries.Summary(await ReadAsync(file)));
        Assert.Equal("balance-mismatch", Assert.Single((await ReadAsync(file, """{"balance_mismatch":"take"}""")).OfType<WarningEntry>()).Code);
        Assert.Equal("number-missing", Assert.Single((await ReadAsync(Of("1", "2603140314C1,NTRFNONREF//A")
            .Replace(":28C:00012/001\r\n", "", StringComparison.Ordinal))).OfType<HeldEntry>()).Code);
        Assert.Equal("currency-changed", Assert.Single((await ReadAsync(Of("1", "2603140314C1,NTRFNONREF//A")
            .Replace(":62F:C260314EUR", ":62F:C260314USD", StringComparison.Ordinal))).OfType<HeldEntry>()).Code);
    }

    [Fact]
    public async Task A_line_after_the_closing_balance_is_held()
    {
        var file = Of("1", "2603140314C1,NTRFNONREF//A").Replace("-\r\n", ":61:2603140314C5,NTRFNONREF//B\r\n:86:4001\r\n-\r\n", StringComparison.Ordinal);
        Assert.Equal($"5 payment EUR 1.00 {Account}/A\n7 fault line-outside", StatementEntries.Summary(await ReadAsync(file)));
    }

    [Theory]
    [InlineData(":20:A\n:25:DE1\n:28C:1\n:60F:C260313EUR1,\n:61:2603140314C1,NTRFNONREF//A\n", "statement-unclosed")]
    [InlineData(":20:A\n:25:DE1\n:60F:C260313EUR1,\n:61:2603140314C1,NTRFNONREF//A\n-\n:20:B\n:25:DE1\n:60F:C260313EUR1,\n:62F:C260313EUR1,\n", "statement-unclosed")]
    [InlineData("<Document/>", "document-unknown")]
    [InlineData("", "document-unknown")]
    public async Task A_file_that_may_be_cut_off_or_is_of_another_kind_is_refused(string file, string code) =>
        Assert.Equal(code, Assert.IsType<FileRefused>((await ReadAsync(file))[^1]).Code);

    [Fact]
    public async Task Without_an_account_nothing_can_be_told_apart() => Assert.Equal("account-missing",
        Assert.Single((await ReadAsync(Of("1", "2603140314C1,NTRFNONREF//A").Replace($":25:{Account}\r\n", "", StringComparison.Ordinal))).OfType<FaultEntry>()).Code);

    [Fact]
    public async Task An_interim_report_makes_no_payments_in_either_format()
    {
        const string File = ":20:A\n:25:DE1\n:28C:1\n:34F:EUR0,\n:13D:2603141200+0100\n:61:2603140314C1,NTRFNONREF//A\n:86:4001\n:90C:1EUR1,\n-\n";
        foreach (var format in new[] { Mt940Format.Statement, Mt940Format.Interim })
            Assert.Equal("6 Pending EUR 1.00 DE1/A", StatementEntries.Summary(await StatementEntries.ReadAsync(format, Encoding.UTF8.GetBytes(File))));
    }

    [Theory]
    [InlineData("cp852", "cp852", "šberweisung", "šberweisung")]
    [InlineData("windows-1252", null, "Überweisung", "Überweisung")]
    [InlineData("utf-8", null, "Überweisung", "Überweisung")]
    public async Task Encodings_are_read_as_the_settings_say_or_as_they_are(string written, string? set, string text, string read)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var bytes = Encoding.GetEncoding(written).GetBytes(Of("1", $"2603140314C1,NTRFNONREF//A\r\n:86:{text}"));
        var entries = await StatementEntries.ReadAsync(Mt940Format.Statement, bytes, set is null ? "{}" : $$"""{"encoding":"{{set}}"}""");
        Assert.Equal(read, Assert.Single(entries.OfType<PaymentEntry>()).Notice.Text);
    }

    [Theory]
    [InlineData("account_hash_reference.sta", "1250.00 BANK0001 4001#INV-77|99.90 BANK0002 Kunde 4002 / Rechnung INV-78|0.01 BANK0004 4001 # inv-79")]
    [InlineData("duplicate_resend.sta", "1250.00 BANK0001 4001#INV-77|99.90 BANK0002 Kunde 4002 / Rechnung INV-78|0.01 BANK0004 4001 # inv-79")]
    [InlineData("page2_overlap.sta", "0.01 BANK0004 4001 # inv-79|500.00 BANK0005 4003#INV-80")]
    [InlineData("utf8_bom.sta", "10.00 BANK0102 4001#INV-91")]
    [InlineData("zero_decimal_ugx.sta", "50000 BANK0401 4001#INV-94")]
    public async Task A_sample_reads_as_it_was_built(string file, string expected)
    {
        var entries = await StatementEntries.ReadAsync(Mt940Format.Statement, await GoldenAsync(file));
        Assert.Equal(expected.Split('|'), entries.OfType<PaymentEntry>().Select(entry =>
            $"{entry.Notice.Amount.ToText()} {entry.Notice.PspReference[(Account.Length + 1)..]} {entry.Notice.Text}"));
        Assert.DoesNotContain(entries, entry => entry is HeldEntry or FaultEntry or FileRefused or WarningEntry);
    }

    [Fact]
    public async Task A_sample_that_contradicts_itself_is_held_and_one_that_is_cut_off_refused()
    {
        var held = Assert.Single((await StatementEntries.ReadAsync(Mt940Format.Statement, await GoldenAsync("reject_balance_mismatch.sta"))).OfType<HeldEntry>());
        Assert.Equal((5, 13, "balance-mismatch"), (held.From, held.Position, held.Code));
        var cut = (await StatementEntries.ReadAsync(Mt940Format.Statement, await GoldenAsync("reject_truncated.sta")))[^1];
        Assert.Equal("statement-unclosed", Assert.IsType<FileRefused>(cut).Code);
    }

    private static Task<byte[]> GoldenAsync(string file) => File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "mt940", file));

    private static string Of(string closing, params ReadOnlySpan<string> lines)
    {
        var entries = new StringBuilder();
        foreach (var line in lines) entries.Append($":61:{line}\r\n");
        return $":20:S\r\n:25:{Account}\r\n:28C:00012/001\r\n:60F:C260313EUR0,\r\n{entries}:62F:C260314EUR{(closing.Contains(',', StringComparison.Ordinal) ? closing : $"{closing},")}\r\n-\r\n";
    }

    private static async Task AssertReads(string expected, string closing, params string[] lines) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), StatementEntries.Summary(await ReadAsync(Of(closing, lines))));

    private static Task<List<Entry>> ReadAsync(string file, string settings = "{}") =>
        StatementEntries.ReadAsync(Mt940Format.Statement, Encoding.UTF8.GetBytes(file), settings);
}
