using System.Globalization;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats.Csv;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Csv;

/// <summary>Every CSV sample, by settings that say what its source does, against an independent reading of it.</summary>
public sealed class CsvGoldenTests
{
    private const string Bank = "csv-bank/reubano__csv2ofx/";
    private const string PayPal = "csv-paypal/BIZ4Africa__ofxstatement-paypal/activity_fr_excerpt.csv";
    private const string Portal = "csv-mpesa/derived/portal_short_ddmmyyyy.csv";

    private const string PortalSettings = """
        {"currency":"KES","time_zone":"Africa/Nairobi","paid_at_formats":["dd/MM/yyyy HH:mm:ss"],"text_after":["Account Number "],
         "columns":{"psp_reference":"Receipt No.","credit":"Paid In","debit":"Withdrawn","paid_at":"Completion Time","text":"Details"},
         "filters":[{"column":"Transaction Status","equals":"Completed","otherwise":"pending"}]}
        """;

    private const string PayPalSettings = """
        {"decimal_mark":",","thousands_marks":["\u00a0"],"paid_at_formats":["M/d/yyyy HH:mm:ss"],
         "columns":{"psp_reference":"N° de transaction","amount":"Brut","currency":"Devise","paid_at":["Date","Heure"],"zone":"Fuseau horaire",
                    "text":"Numéro de facture","payer_name":"Nom","payer_account":"De l'adresse email"}
        """;

    private static readonly Dictionary<string, string> Settings = new()
    {
        [Bank + "creditunion.csv"] = """{"currency":"USD","columns":{"psp_reference":"Check Number","amount":"Amount","paid_at":"Date","text":"Description"},"paid_at_formats":["M/d/yy"]}""",
        [Bank + "default.csv"] = """{"currency":"USD","columns":{"psp_reference":"Row","amount":"Amount","paid_at":"Date","text":"Description"}}""",
        [Bank + "gls.csv"] = """
            {"delimiter":";","decimal_mark":",","thousands_marks":["."],"paid_at_formats":["dd.MM.yyyy"],
             "columns":{"psp_reference_hash":["Kontonummer","Buchungstag","Betrag","VWZ1","VWZ2"],"amount":"Betrag","currency":"Währung","paid_at":"Buchungstag","text":["VWZ1","VWZ2"],"shortcode":1}}
            """,
        [Bank + "mint.csv"] = """
            {"currency":"USD","thousands_marks":[","],"paid_at_formats":["M/d/yy"],"type_values":{"credit":["credit"],"debit":["debit"]},
             "columns":{"psp_reference_hash":["Date","Description","Amount","Transaction Type"],"amount":"Amount","type":"Transaction Type","paid_at":"Date","text":"Description"}}
            """,
        [Bank + "outbank.csv"] = """
            {"delimiter":";","decimal_mark":",","paid_at_formats":["M/d/yy"],
             "columns":{"psp_reference_hash":["Account","Date","Amount","Name","Reason"],"amount":"Amount","currency":"Currency","paid_at":"Date","text":"Reason","payer_name":"Name","payer_account":"Number","shortcode":"Account"}}
            """,
        [Bank + "payoneer.csv"] = """
            {"paid_at_formats":["MM/dd/yyyy HH:mm:ss"],"filters":[{"column":"Status","equals":"Completed","otherwise":"pending"}],
             "columns":{"psp_reference":"Transaction ID","credit":"Credit Amount","debit":"Debit Amount","currency":"Currency","paid_at":["Transaction Date","Transaction Time"],"zone":"Time Zone","text":"Description"}}
            """,
        [Portal] = PortalSettings,
        [PayPal] = PayPalSettings + "}",
    };

    public static IEnumerable<object[]> Files =>
        new[] { "csv-bank", "csv-mpesa", "csv-paypal" }.SelectMany(SharedData.Manifest).Select(row => new object[] { row["file"] });

    [SharedDataTheory, MemberData(nameof(Files))]
    public async Task A_sample_reads_as_the_reference_does(string file)
    {
        var entries = await StatementEntries.ReadAsync(new CsvFormat(), SharedData.Read(file), Settings[file]);
        var hashed = Settings[file].Contains("psp_reference_hash", StringComparison.Ordinal);
        var read = entries.Select(entry => entry switch
        {
            PaymentEntry { Notice: var notice } => $"{notice.Amount} {(hashed ? "" : notice.PspReference)}",
            NoticeEntry { Kind: NoticeKind.Outgoing } notice => $"-{notice.Amount} {(hashed ? "" : notice.PspReference)}",
            _ => entry.ToString(),
        });
        var expected = SharedData.Reference("csv.json", file).GetProperty("transactions").EnumerateArray().Select(row =>
        {
            var amount = decimal.Parse(row.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);
            var currency = row.GetProperty("currency").GetString() ?? (file == Portal ? "KES" : "USD");
            return $"{(amount < 0 ? "-" : "")}{new Money((long)(Math.Abs(amount) * 100), Currency.Find(currency)!)} {row.GetProperty("id").GetString()}";
        });
        Assert.Equal(expected, read);
        Assert.All(entries.OfType<PaymentEntry>(), payment => Assert.NotNull(payment.Notice.PaidAt));
    }

    [SharedDataFact]
    public async Task Conversions_between_a_wallets_currencies_are_no_payments()
    {
        var entries = await StatementEntries.ReadAsync(new CsvFormat(), SharedData.Read(PayPal), PayPalSettings + """
            ,"filters":[{"column":"Description","not_in":["Conversion de devise*","Virement par carte bancaire*"]}]}
            """);
        Assert.Equal(16, entries.Count);
        Assert.Equal(6, entries.OfType<NoticeEntry>().Count(notice => notice.Kind == NoticeKind.Outgoing));
        Assert.Equal(10, entries.OfType<NoticeEntry>().Count(notice => notice.Kind == NoticeKind.Info));
    }

    [SharedDataFact]
    public async Task A_zone_column_is_followed()
    {
        var entries = await StatementEntries.ReadAsync(new CsvFormat(), SharedData.Read(PayPal), PayPalSettings + "}");
        var first = entries.OfType<PaymentEntry>().First().Notice;
        Assert.Equal(new DateTimeOffset(2020, 1, 7, 12, 5, 42, TimeSpan.Zero), first.PaidAt?.Instant);
    }

    [Fact]
    public async Task A_portal_statement_reads_as_it_was_built()
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "csv-mpesa",
            "portal_short_ddmmyyyy.csv"));
        var entries = await StatementEntries.ReadAsync(new CsvFormat(), bytes, PortalSettings);
        Assert.Equal("2 payment KES 50000.00 QCV1234567 NA20260001\n3 payment KES 25000.00 SKH9876543 NA20260002",
            StatementEntries.Summary(entries));
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 6, 30, 47, TimeSpan.Zero),
            entries.OfType<PaymentEntry>().First().Notice.PaidAt?.Instant);
    }
}
