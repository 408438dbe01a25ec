using System.Text;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Psps.MPesa;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Psps.MPesa;

/// <summary>Answers of Daraja's Pull Transactions API.</summary>
[Collection(Alone.Name)]
public sealed class DarajaPullFormatSpec : StatementFormatSpec
{
    protected override IStatementFormat Format => new DarajaPullFormat();

    protected override string Settings => """{"shortcode":"600638","types":["*"]}""";

    // The first is the sample of Safaricom's documents.
    protected override string Sample => """
        {"ResponseRefID":"26178-42530161-2","ResponseCode":"1000","ResponseMessage":"Success","Response":[[
          {"transactionId":"yzlyrEsRG1","trxDate":"2020-08-05T10:13:00Z","msisdn":72200000,"sender":"UAT2","transactiontype":"c2b-pay-bill-debit",
           "billreference":"37207636392","amount":"168.00","organizationname":"Daraja Pull API Test"},
          {"transactionId":"SLA1","trxDate":"2026-03-01 10:13:00","msisdn":"2547 ***** 126","sender":null,"transactiontype":"c2b-buy-goods-debit","billreference":"","amount":233.8},
          {"transactionId":"SLA2","trxDate":"2026-03-01T10:13:00","transactiontype":"b2c-payment","amount":"7"},
          {"transactionId":"SLA3","trxDate":"yesterday","transactiontype":"c2b-pay-bill-debit","amount":"1,000.00"},
          "none"
        ],[{"transactionId":"SLA4","trxDate":"2026-03-01T10:13:00+03:00","transactiontype":"c2b-pay-bill-debit","amount":"0.01"}]]}
        """;

    protected override string EndlessStart => """{"ResponseCode":"1000","Response":[[{"transactionId":" """;

    protected override bool CutIsRefused => true;

    // A document is held as a whole; its limit is 64 MiB of text.
    protected override long LiveBytesMax => 256 << 20;

    protected override IEnumerable<string> Big(int payments)
    {
        yield return """{"ResponseCode":"1000","Response":[[""";
        for (var number = 1; number <= payments; number++)
            yield return $$"""{{(number == 1 ? "" : ",")}}{"transactionId":"R{{number}}","trxDate":"2026-03-01","amount":"1"}""";
        yield return "]]}";
    }

    [Fact]
    public async Task Each_transaction_is_what_it_says()
    {
        var entries = await StatementEntries.ReadAsync(Format, Encoding.UTF8.GetBytes(Sample), """{"shortcode":"600638"}""");
        Assert.Equal(
            """
            1 payment KES 168.00 yzlyrEsRG1 37207636392
            2 payment KES 233.80 SLA1
            3 Info KES 7.00 SLA2
            4 fault
            5 fault
            6 payment KES 0.01 SLA4
            """.ReplaceLineEndings("\n"),
            string.Join('\n', entries.Select(entry => entry is FaultEntry ? $"{entry.Position} fault" : StatementEntries.Summary([entry]))));
        Assert.Equal(
            (new DateTimeOffset(2026, 3, 1, 7, 13, 0, TimeSpan.Zero), "600638", new Payer(null, "2547 ***** 126", null)),
            (((PaymentEntry)entries[1]).Notice.PaidAt!.Instant, ((PaymentEntry)entries[1]).Notice.Shortcode, ((PaymentEntry)entries[1]).Notice.Payer));
        var detail = ((FaultEntry)entries[3]).Detail;
        Assert.Contains("trxDate", detail, StringComparison.Ordinal);
        Assert.Contains("amount", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ResponseCode":"1001","ResponseMessage":"Null","Transaction":"[[]]"}""", null)]
    [InlineData("""{"ResponseCode":"1000","Response":[[]]}""", null)]
    [InlineData("""{"ResponseCode":0,"Response":[]}""", null)]
    [InlineData("""{"ResponseCode":"500.001","ResponseMessage":"Down"}""", "response-refused")]
    [InlineData("""{"ResponseCode":"1000"}""", "items-missing")]
    [InlineData("""[]""", "items-missing")]
    public async Task An_answer_without_transactions_is_told_from_one_that_failed(string answer, string? code) =>
        Assert.Equal(code, (await ReadAsync(answer)).Cast<FileRefused>().SingleOrDefault()?.Code);

    [Theory]
    [InlineData(null, 0)]
    [InlineData("""{"types":["c2b-*"]}""", 1)]
    public async Task What_calls_itself_reversed_is_no_payment_unless_somebody_says_so(string? settings, int payments)
    {
        var answer = Sample.Replace("c2b-pay-bill-debit", "c2b-pay-bill-Reversal", StringComparison.Ordinal);
        var entries = await StatementEntries.ReadAsync(Format, Encoding.UTF8.GetBytes(answer), settings ?? "{}");
        Assert.Equal(payments, entries.OfType<PaymentEntry>().Count(one => one.Notice.PspReference == "yzlyrEsRG1"));
        Assert.Contains(entries, one => one is PaymentEntry { Notice.PspReference: "SLA1" });
    }

    [Fact]
    public async Task Which_types_are_payments_can_be_said()
    {
        var entries = await StatementEntries.ReadAsync(Format, Encoding.UTF8.GetBytes(Sample), """{"types":["B2C-*"]}""");
        Assert.Equal("SLA2", Assert.Single(entries.OfType<PaymentEntry>()).Notice.PspReference);
    }

    private Task<List<Entry>> ReadAsync(string answer) => StatementEntries.ReadAsync(Format, Encoding.UTF8.GetBytes(answer), Settings);
}
