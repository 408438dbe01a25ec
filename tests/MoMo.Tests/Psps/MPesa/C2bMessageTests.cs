using System.Text;
using System.Text.Json;
using MoMo.Domain.Payments;
using MoMo.Edge.Psps.MPesa;

namespace MoMo.Tests.Psps.MPesa;

public sealed class C2bMessageTests
{
    private const string Good = """
        {"TransactionType":"Pay Bill","TransID":"SGH31AA5TX","TransTime":"20260314151617","TransAmount":"1250.00","BusinessShortCode":"600966",
         "BillRefNumber":" 4001#INV-77 ","OrgAccountBalance":"49197.00","MSISDN":"2547 ***** 149","FirstName":"JANE","MiddleName":"","LastName":"DOE"}
        """;

    [Fact]
    public void A_confirmation_becomes_a_standard_payment()
    {
        var notice = Parse(Good).Accepted?.ToNotice("mpesa-ke", "till-1");
        Assert.Equal(
            new PaymentNotice
            {
                Psp = "mpesa-ke",
                Adapter = "till-1",
                PspReference = "SGH31AA5TX",
                Amount = new Money(125000, Currency.Find("KES")!),
                Text = "4001#INV-77",
                Shortcode = "600966",
                PaidAt = new PaidAt(new DateTimeOffset(2026, 3, 14, 12, 16, 17, TimeSpan.Zero)),
                Payer = new Payer("JANE DOE", "2547 ***** 149", null),
            },
            notice);
    }

    [Theory]
    [InlineData("10", 1000)]
    [InlineData("10.5", 1050)]
    [InlineData("10.00", 1000)]
    [InlineData("123456789012.34", 12345678901234)]
    public void Numbers_are_read_by_their_digits(string number, long minor)
    {
        var message = Parse(Good.Replace("\"1250.00\"", number, StringComparison.Ordinal).Replace("\"600966\"", "600966",
            StringComparison.Ordinal)
            .Replace("\"20260314151617\"", "20260314151617", StringComparison.Ordinal).Replace("\"2547 ***** 149\"", "254708374149",
                StringComparison.Ordinal)).Accepted;
        Assert.Equal((minor, "600966", "254708374149"), (message?.Amount.MinorUnits, message?.Shortcode, message?.Payer?.Phone));
    }

    [Theory]
    [InlineData("\"1250.00\"", "\"-10.00\"", "TransAmount amount-not-positive")]
    [InlineData("\"1250.00\"", "\"0.00\"", "TransAmount amount-not-positive")]
    [InlineData("\"1250.00\"", "\"1,000.00\"", "TransAmount amount-malformed")]
    [InlineData("\"1250.00\"", "1e3", "TransAmount amount-malformed")]
    [InlineData("\"1250.00\"", "\"1.005\"", "TransAmount amount-too-fine")]
    [InlineData("\"1250.00\"", "null", "TransAmount field-missing")]
    [InlineData("\"1250.00\"", "[]", "TransAmount field-malformed")]
    [InlineData("20260314151617", "20261314151617", "TransTime time-malformed")]
    [InlineData("20260314151617", "20260229151617", "TransTime time-malformed")]
    [InlineData("20260314151617", "2026031415161", "TransTime time-malformed")]
    [InlineData("20260314151617", "202603141516170", "TransTime field-malformed")]
    [InlineData("\"SGH31AA5TX\"", "\" \"", "TransID field-missing")]
    [InlineData("\"SGH31AA5TX\"", "\"\\ud800\"", "TransID field-malformed")]
    [InlineData("\"JANE\"", "{}", "FirstName field-malformed")]
    public void A_field_that_is_wrong_is_named(string good, string bad, string fault) =>
        Assert.Equal(fault,
            string.Join(',',
                Parse(Good.Replace(good, bad, StringComparison.Ordinal)).Refused!.Faults.Select(found => $"{found.Field} {found.Code}")));

    [Fact]
    public void All_faults_are_told_at_once() => Assert.Equal(
        ["TransID", "BusinessShortCode", "TransAmount", "TransTime"],
        Parse("{}").Refused!.Faults.Select(fault => fault.Field));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"TransID\":\"A\",\"TransID\":\"B\"}")]
    [InlineData("{\"TransID\":\"A\",\"\\u0054ransID\":\"B\"}")]
    [InlineData("{\"a\":[[[[[[[[[[]]]]]]]]]]}")]
    [InlineData("{\"a\":1} {}")]
    [InlineData("{\"a\":1,}")]
    public void What_is_no_JSON_that_can_be_trusted_is_refused(string body) => Assert.Equal("json-malformed", Parse(body).Refused?.Code);

    [Fact]
    public void A_body_that_is_too_large_is_refused() =>
        Assert.Equal("body-too-large", Parse(new string(' ', C2bMessage.BodyMax + 1)).Refused?.Code);

    [Fact]
    public void A_byte_order_mark_and_legacy_bytes_are_read()
    {
        Assert.NotNull(C2bMessage.Parse((byte[])[.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Good)]).Accepted);
        var legacy = Encoding.Latin1.GetBytes(Good.Replace("JANE", "ZOË", StringComparison.Ordinal));
        Assert.Equal("ZOË DOE", C2bMessage.Parse(legacy).Accepted?.Payer?.Name);
    }

    [Fact]
    public void A_damaged_body_never_throws()
    {
        for (var seed = 1; seed <= 5_000; seed++)
        {
            var chance = new Random(seed);
            var body = Encoding.UTF8.GetBytes(Good);
            for (var blow = chance.Next(1, 5); blow > 0; blow--) body[chance.Next(body.Length)] = (byte)chance.Next(256);
            var cut = body[..chance.Next(body.Length + 1)];
            Assert.Null(Record.Exception(() => C2bMessage.Parse(cut)));
            Assert.Null(Record.Exception(() => C2bMessage.Parse(body)));
        }
    }

    [Fact]
    public void Answers_are_in_Darajas_words()
    {
        Assert.Equal("""{"ResultCode":"0","ResultDesc":"Accepted"}""", JsonSerializer.Serialize(C2bValidationAnswer.Accepted));
        Assert.Equal("""{"ResultCode":"C2B00012","ResultDesc":"Rejected"}""", JsonSerializer.Serialize(C2bValidationAnswer.AccountInvalid));
        Assert.Equal("""{"ResultCode":0,"ResultDesc":"Success"}""", JsonSerializer.Serialize(C2bConfirmationAnswer.Received));
        Assert.Equal(C2bValidationAnswer.AmountInvalid,
            C2bValidationAnswer.For(Parse(Good.Replace("1250.00", "0", StringComparison.Ordinal)).Refused!));
        Assert.Equal(C2bValidationAnswer.Other, C2bValidationAnswer.For(Parse("").Refused!));
    }

    private static Engine.Outcome<C2bMessage> Parse(string body) => C2bMessage.Parse(Encoding.UTF8.GetBytes(body));
}
