using System.Text;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Csv;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Csv;

public sealed class CsvFormatTests
{
    [Fact]
    public async Task An_organisation_statement_has_a_preamble_charges_and_pending_rows() => Assert.Equal(
        """
        6 payment KES 50000.00 QCV1 NA1
        8 Pending KES 7.00 QCV3
        9 Outgoing KES 100.00 QCV4
        10 payment KES 1.00 QCV5 no account here
        """.ReplaceLineEndings("\n"),
        StatementEntries.Summary(await ReadAsync(
            """
            Account Holder:,ACME
            Short Code:,600966
            Time Period:,From 01-01-2026
            Organization:,ACME
            Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance
            QCV1,15-01-2026 09:30:47,Pay Bill from 2547***149 Acc. NA1,Completed,"50,000.00",,1
            QCV1,15-01-2026 09:30:47,Pay Bill Charge,Completed,,-34.00,1
            QCV3,15-01-2026 09:30:47,Pay Bill,Pending,7.00,,1
            QCV4,15-01-2026 09:30:47,Business Payment,Completed,,-100.00,1
            QCV5,2026-01-15 09:30:47,no account here,completed,1.00,,1
            """,
            """
            {"header_contains":"receipt no.","currency":"KES","thousands_marks":[","],"time_zone":"Africa/Nairobi",
             "columns":{"psp_reference":"Receipt No.","credit":"Paid In","debit":"Withdrawn","paid_at":"Completion Time","text":"Details"},
             "paid_at_formats":["dd-MM-yyyy HH:mm:ss","yyyy-MM-dd HH:mm:ss"],"text_after":["Account Number ","Acc. "],
             "filters":[{"column":"Transaction Status","equals":"Completed","otherwise":"pending"},
                        {"column":"Details","not_in":["Pay Bill Charge*"],"otherwise":"ignore"}]}
            """)));

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\r\n", true)]
    [InlineData("\r", true)]
    [InlineData("\n\n", true)]
    [InlineData("", false)]
    public async Task A_source_that_ends_every_row_is_not_believed_one_that_has_no_end(string end, bool whole)
    {
        var file = $"id,day,amount\nA,2026-03-01,1.00\nB,2026-03-01,125{end}";
        if (end == "\r") file = file.Replace('\n', '\r');
        const string Settings = """{"currency":"KES","columns":{"psp_reference":"id","paid_at":"day","amount":"amount"},"final_newline":FINAL}""";
        Assert.Equal($"2 payment KES 1.00 A\n3 {(whole ? "payment KES 125.00 B" : "fault row-torn")}",
            StatementEntries.Summary(await ReadAsync(file, Settings.Replace("FINAL", "true", StringComparison.Ordinal))));
        Assert.Equal("2 payment KES 1.00 A\n3 payment KES 125.00 B", StatementEntries.Summary(await ReadAsync(file, Settings.Replace("FINAL", "false", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_card_export_counts_neither_test_rows_nor_what_was_refunded() => Assert.Equal(
        """
        2 payment USD 7.50 ch_1
        3 Test USD 10.00 ch_2
        4 Failed USD 10.00 ch_3
        5 Reversal USD 10.00 ch_4/reversed of ch_4
        6 fault amount-contradictory
        7 payment JPY 500 ch_6
        8 fault currency-unknown
        """.ReplaceLineEndings("\n"),
        StatementEntries.Summary(await ReadAsync(
            """
            id,Amount,Amount Refunded,Currency,Mode,Status
            ch_1,10.00,2.50,usd,Live,Paid
            ch_2,10.00,0.00,usd,Test,Paid
            ch_3,10.00,0.00,usd,Live,Failed
            ch_4,10.00,10.00,usd,Live,Paid
            ch_5,10.00,10.01,usd,Live,Paid
            ch_6,500,,jpy,Live,Paid
            ch_7,500,,zzz,Live,Paid
            """,
            """
            {"columns":{"psp_reference":"id","amount":"Amount","amount_minus":"Amount Refunded","currency":"Currency"},
             "filters":[{"column":"Mode","equals":"live","otherwise":"test"},{"column":"Status","in":["Paid"],"otherwise":"failed"}]}
            """)));

    [Fact]
    public async Task Twins_of_a_source_without_ids_are_two_payments_with_references_that_stay()
    {
        const string Settings = """{"currency":"EUR","columns":{"psp_reference_hash":["Date","Amount","Text"],"amount":"Amount"},"psp_reference_prefix":"de-1:"}""";
        const string File = "Date,Amount,Text\n1,5,a\n1,5,a\n1,-5,a\n1,5,b\n";
        var references = (await ReadAsync(File, Settings)).OfType<PaymentEntry>().Select(entry => entry.Notice.PspReference).ToList();
        Assert.Equal(3, references.Distinct().Count());
        Assert.Equal($"{references[0]}*2", references[1]);
        Assert.All(references, reference => Assert.StartsWith("de-1:", reference, StringComparison.Ordinal));
        Assert.Equal(references,
            (await ReadAsync(File.Replace("1,-5,a\n", "", StringComparison.Ordinal), Settings)).OfType<PaymentEntry>().Select(entry =>
                entry.Notice.PspReference));
    }

    [Theory]
    [InlineData("1,250.50", "125050")]
    [InlineData("1,250", "125000")]
    [InlineData("1,00,000.00", "10000000")]
    [InlineData("-98.76", "-9876")]
    [InlineData("98.76-", "-9876")]
    [InlineData("(98.76)", "-9876")]
    [InlineData("\u221298.76", "-9876")]
    [InlineData("+5", "500")]
    [InlineData("2\u00a0026.41", "202641")]
    [InlineData("1,25", "amount-malformed")]
    [InlineData("1,2500", "amount-malformed")]
    [InlineData("1,,250", "amount-malformed")]
    [InlineData("1,250.", "amount-malformed")]
    [InlineData("1.250,50", "amount-malformed")]
    [InlineData(".50", "amount-malformed")]
    [InlineData("$120", "amount-malformed")]
    [InlineData("1e3", "amount-malformed")]
    [InlineData("٣", "amount-malformed")]
    [InlineData("1.005", "amount-too-fine")]
    [InlineData("99999999999999999", "amount-too-large")]
    public async Task Amounts_are_exact_or_say_why_not(string written, string expected)
    {
        var entry = Assert.Single(await ReadAsync($"id;amount\n1;{written}\n",
            """{"delimiter":";","currency":"EUR","thousands_marks":[",","\u00a0"],"columns":{"psp_reference":"id","amount":"amount"}}"""));
        Assert.Equal(expected, entry switch
        {
            PaymentEntry payment => $"{payment.Notice.Amount.MinorUnits}",
            NoticeEntry { Kind: NoticeKind.Outgoing } notice => $"-{notice.Amount!.MinorUnits}",
            FaultEntry fault => fault.Code,
            _ => entry.ToString(),
        });
    }

    [Theory]
    [InlineData("15/01/2026 09:30", "", "2026-01-15T06:30:00+00:00", false)]
    [InlineData("15/01/2026 09:30", "UTC", "2026-01-15T09:30:00+00:00", false)]
    [InlineData("15/01/2026 09:30", "America/Los_Angeles", "2026-01-15T17:30:00+00:00", false)]
    [InlineData("2026-01-15T09:30:00+01:00", "", "2026-01-15T08:30:00+00:00", false)]
    [InlineData("1/15/26", "", "2026-01-15T00:00:00+00:00", true)]
    public async Task Times_are_read_in_the_configured_formats(string written, string zone, string instant, bool dayOnly)
    {
        var entry = Assert.Single(await ReadAsync($"id,amount,at,zone\n1,5,{written},{zone}\n", """
            {"currency":"EUR","time_zone":"Africa/Nairobi","columns":{"psp_reference":"id","amount":"amount","paid_at":"at","zone":"zone"},
             "paid_at_formats":["dd/MM/yyyy HH:mm","yyyy-MM-dd'T'HH:mm:sszzz","M/d/yy"]}
            """));
        Assert.Equal(new(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), dayOnly),
            Assert.IsType<PaymentEntry>(entry).Notice.PaidAt);
    }

    [Theory]
    [InlineData("1,5,31/02/2026,", "fault paid-at-malformed")]
    [InlineData("1,5,15/01/2026 09:30,Mars/Olympus", "fault paid-at-malformed")]
    [InlineData("1,5", "fault row-short")]
    [InlineData("1,5,15/01/2026 09:30,,7", "fault row-long")]
    [InlineData("1,5,15/01/2026 09:30,,", "payment EUR 5.00 1")]
    [InlineData("1,,15/01/2026 09:30,", "fault amount-missing")]
    [InlineData("1,0.00,15/01/2026 09:30,", "Info  1")]
    [InlineData(",5,15/01/2026 09:30,", "fault psp-reference-missing")]
    [InlineData("a\"b\"c,5,15/01/2026 09:30,", "fault row-torn")]
    [InlineData("\"a\"b,5,15/01/2026 09:30,", "fault row-torn")]
    public async Task A_row_that_cannot_be_trusted_is_a_fault_and_the_rest_is_read(string row, string expected)
    {
        var entries = await ReadAsync($"id,amount,at,zone\n{row}\n2,5,15/01/2026 09:30,\n", """
            {"currency":"EUR","columns":{"psp_reference":"id","amount":"amount","paid_at":"at","zone":"zone"},"paid_at_formats":["dd/MM/yyyy HH:mm"]}
            """);
        Assert.Equal($"2 {expected}\n3 payment EUR 5.00 2", StatementEntries.Summary(entries));
    }

    [Fact]
    public async Task A_quote_that_swallows_rows_is_a_fault_also_in_a_field_that_is_not_read() => Assert.Equal(
        "2 fault row-torn\n3 payment EUR 5.00 4\n4 payment EUR 5.00 5",
        StatementEntries.Summary(await ReadAsync(
            "id,amount,note\n1,5,\"swallows\n2,5,all\n3,5,\"quoted\"\n4,5,\n5,5,\"over\ntwo lines\"\n",
            """{"currency":"EUR","columns":{"psp_reference":"id","amount":"amount"}}""")));

    [Fact]
    public async Task Blank_rows_are_nothing() => Assert.Equal(
        "6 payment EUR 5.00 1",
        StatementEntries.Summary(await ReadAsync("id,amount\n\n , \n,\n \n1,5\n", """{"currency":"EUR","columns":{"psp_reference":"id","amount":"amount"}}""")));

    [Theory]
    [InlineData("id,sum\n1,5\n", "column-missing")]
    [InlineData("id,amount,amount\n1,5,5\n", "column-ambiguous")]
    [InlineData("", "header-missing")]
    public async Task A_file_with_other_columns_is_refused(string file, string code) =>
        Assert.Equal(code, Assert.IsType<FileRefused>(Assert.Single(await ReadAsync(file, """{"currency":"EUR","columns":{"psp_reference":"id","amount":"amount"}}"""))).Code);

    [Fact]
    public async Task A_type_column_tells_the_direction() => Assert.Equal(
        "2 payment EUR 5.00 1\n3 Outgoing EUR 5.00 2\n4 fault type-unknown",
        StatementEntries.Summary(await ReadAsync("id,amount,type\n1,5,CREDIT\n2,5,debit\n3,5,loan\n", """
            {"currency":"EUR","columns":{"psp_reference":"id","amount":"amount","type":"type"},"type_values":{"credit":["credit"],"debit":["debit"]}}
            """)));

    [Fact]
    public async Task Every_field_arrives_where_it_belongs()
    {
        var entry = Assert.Single(await ReadAsync("a,b,c,amount,account,ref,name,phone,iban,till\nA,B,C,5,4001,INV-7,JANE,2547,DE89,600966\n", """
            {"currency":"eur","columns":{"psp_reference":["a","b"],"amount":4,"account":"account","reference":"ref","text":["b","c"],
             "payer_name":"name","payer_phone":"phone","payer_account":"iban","shortcode":"till"}}
            """));
        Assert.Equal(
            new MoMo.Domain.Payments.PaymentNotice
            {
                Psp = "test-psp",
                Adapter = "test-adapter",
                PspReference = "A/B",
                Amount = new(500, MoMo.Domain.Payments.Currency.Find("EUR")!),
                AccountId = "4001",
                ReferenceId = "INV-7",
                Text = "B C",
                Shortcode = "600966",
                Payer = new("JANE", "2547", "DE89"),
            },
            Assert.IsType<PaymentEntry>(entry).Notice);
    }

    [Theory]
    [InlineData("utf-8", "Müller €")]
    [InlineData("windows-1252", "Müller €")]
    [InlineData("utf-16", "Müller €")]
    public async Task Text_is_read_in_its_encoding_without_being_told(string name, string text)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        byte[] file = [.. name == "windows-1252" ? [] : encoding.GetPreamble(), .. encoding.GetBytes($"id,amount,text\n1,5,{text}\n")];
        var entries = await StatementEntries.ReadAsync(new CsvFormat(), file, """{"currency":"EUR","columns":{"psp_reference":"id","amount":"amount","text":"text"}}""");
        Assert.Equal(text, Assert.IsType<PaymentEntry>(Assert.Single(entries)).Notice.Text);
    }

    [Fact]
    public async Task Bytes_that_do_not_fit_the_configured_encoding_refuse_the_file()
    {
        var entries = await StatementEntries.ReadAsync(new CsvFormat(), [.. "id,amount\n1,5\n2,"u8, 0xE4, .. "\n"u8],
            """{"encoding":"utf-8","currency":"EUR","columns":{"psp_reference":"id","amount":"amount"}}""");
        Assert.Equal("encoding-invalid", Assert.IsType<FileRefused>(entries[^1]).Code);
    }

    [Fact]
    public async Task A_field_that_is_too_large_refuses_the_file()
    {
        var entries = await ReadAsync($"id,amount\n1,5\n{new string('x', 70_000)},5\n", """{"currency":"EUR","columns":{"psp_reference":"id","amount":"amount"}}""");
        Assert.Equal("2 payment EUR 5.00 1\n2 refused field-too-large", StatementEntries.Summary(entries));
    }

    private static Task<List<Entry>> ReadAsync(string file, string settings) =>
        StatementEntries.ReadAsync(new CsvFormat(), Encoding.UTF8.GetBytes(file), settings);
}
