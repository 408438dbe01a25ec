using System.Text;
using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Edge.Psps;

namespace MoMo.Tests.Psps;

/// <summary>What the samples don't show: units, held money, test marks, and what is no money.</summary>
public sealed class ReadingTests
{
    private const string Charge = """{"event":"charge.success","data":{"domain":"live","status":"success","reference":"R","amount":AMOUNT,"currency":"CURRENCY","paid_at":"2026-03-14T12:16:17Z"}}""";

    private const string Refund = """{"event":"refund.processed","data":{"domain":"live","status":"processed","transaction_reference":"R","refund_reference":"9","amount":"AMOUNT","currency":"NGN"}}""";

    private const string V3 = """{"event":"charge.completed","data":{"id":7,"tx_ref":"acme#T","flw_ref":"REF","amount":100.50,"charged_amount":CHARGED,"currency":"KES","status":"STATUS","created_at":"2026-03-14T12:16:17Z"}}""";

    private const string Mtn = """{"financialTransactionId":"7","externalId":"acme#1","amount":"AMOUNT","currency":"CURRENCY","payer":{"partyId":"1"},"status":"STATUS","reason":"R"}""";

    private const string Stk = """{"Body":{"stkCallback":{"CheckoutRequestID":"ws_1","ResultCode":CODE,"ResultDesc":"d","CallbackMetadata":{"Item":[{"Name":"TransactionDate","Value":20260314151617},{"Name":"Amount","Value":1.00},{"Name":"Balance"},{"Name":"MpesaReceiptNumber","Value":"R"},{"Name":"PhoneNumber","Value":254708374149}]}}}}""";

    private const string Result = """{"Result":{"ResultCode":CODE,"ResultDesc":"d","ConversationID":"c","TransactionID":"T","ResultParameters":{"ResultParameter":[ITEMS]}}}""";

    private const string Wave = """{"type":"KIND","data":{"id":"W","amount":"AMOUNT","currency":"XOF","when_completed":"2026-03-14T12:16:17Z","transaction_id":"T","payment_status":"STATUS","custom_fields":{"account_number":"acme#1"}}}""";

    public static IEnumerable<object[]> Rows =>
    [
        // Paystack sends minor units, and hundredths of what has no decimals, too, unless it is told otherwise.
        ["paystack", "{}", Charge, "AMOUNT=125050 CURRENCY=NGN", "payment R NGN 1250.50 R"],
        ["paystack", "{}", Charge, "AMOUNT=125000 CURRENCY=XOF", "payment R XOF 1250 R"],
        ["paystack", "{}", Charge, "AMOUNT=125050 CURRENCY=XOF", "fault message-malformed"],
        ["paystack", """{"hundredths":false}""", Charge, "AMOUNT=1250 CURRENCY=XOF", "payment R XOF 1250 R"],
        ["paystack", """{"psp_reference_prefix":"shop-2/"}""", Charge, "AMOUNT=125050 CURRENCY=NGN", "payment shop-2/R NGN 1250.50 R"],
        ["paystack", """{"psp_reference_prefix":"shop-2/"}""", Refund, "AMOUNT=125050", "reversal shop-2/9 NGN 1250.50 of shop-2/R"],
        ["paystack", "{}", Charge, "AMOUNT=10.5 CURRENCY=NGN", "fault message-malformed"],
        ["paystack", "{}", Charge, "AMOUNT=1e3 CURRENCY=NGN", "fault message-malformed"],
        ["paystack", "{}", Charge, "AMOUNT=0 CURRENCY=NGN", "fault message-malformed"],
        ["paystack", "{}", Charge, "AMOUNT=-5 CURRENCY=NGN", "fault message-malformed"],
        // Flutterwave sends major units, and holds what was not charged whole.
        ["flutterwave-v3", "{}", V3, "REF=X CHARGED=100.50 STATUS=successful", "payment 7 KES 100.50 acme T"],
        ["flutterwave-v3", "{}", V3, "REF=X CHARGED=102 STATUS=successful", "payment 7 KES 100.50 acme T"],
        ["flutterwave-v3", "{}", V3, "REF=X CHARGED=90 STATUS=successful", "Pending 7 KES 100.50"],
        ["flutterwave-v3", "{}", V3, "REF=X CHARGED=101.9073 STATUS=successful", "payment 7 KES 100.50 acme T"],
        ["flutterwave-v3", "{}", V3, "REF=X CHARGED=100.4999 STATUS=successful", "Pending 7 KES 100.50"],
        ["flutterwave-v3", "{}", V3, "REF=X CHARGED=\"unknown\" STATUS=successful", "payment 7 KES 100.50 acme T"],
        ["flutterwave-v3", "{}", V3, "REF=X CHARGED=100.50 STATUS=failed", "Failed 7 KES 100.50"],
        ["flutterwave-v3", "{}", V3, "REF=FLW-MOCK-1 CHARGED=100.50 STATUS=successful", "Test 7 KES 100.50"],
        ["flutterwave-v3", """{"doorbell":true}""", V3, "REF=X CHARGED=100.50 STATUS=successful", "Info 7 KES 100.50"],
        // MTN's sandbox is EUR.
        ["mtn-momo", "{}", Mtn, "AMOUNT=6.0 CURRENCY=UGX STATUS=SUCCESSFUL", "payment 7 UGX 6 acme 1"],
        ["mtn-momo", "{}", Mtn, "AMOUNT=500.50 CURRENCY=UGX STATUS=SUCCESSFUL", "fault message-malformed"],
        ["mtn-momo", "{}", Mtn, "AMOUNT=6.0 CURRENCY=EUR STATUS=SUCCESSFUL", "Test 7 EUR 6.00"],
        ["mtn-momo", "{}", Mtn, "AMOUNT=6 CURRENCY=UGX STATUS=PENDING", "Pending acme#1 UGX 6"],
        ["mtn-momo", "{}", Mtn, "AMOUNT=6 CURRENCY=UGX STATUS=FAILED", "Failed acme#1 UGX 6"],
        ["mtn-momo", """{"doorbell":true}""", Mtn, "AMOUNT=6 CURRENCY=UGX STATUS=SUCCESSFUL", "Info 7 UGX 6"],
        // M-Pesa's items come in any order.
        ["mpesa-c2b", "{}", Stk, "CODE=0", """payment R KES 1.00 {"checkout_request_id":"ws_1"}"""],
        ["mpesa-c2b", "{}", Stk, "CODE=1037", "Failed ws_1"],
        ["mpesa-c2b", "{}", Result, """CODE="0" ITEMS={"Key":"OriginalTransactionID","Value":"O"}""", "Reversal O"],
        ["mpesa-c2b", "{}", Result, """CODE=21 ITEMS={"Key":"OriginalTransactionID","Value":"O"}""", "Reversal O"],
        ["mpesa-c2b", "{}", Result, """CODE=2001 ITEMS={"Key":"Amount","Value":5}""", "Failed T KES 5.00"],
        ["mpesa-c2b", "{}", Result, """CODE=0 ITEMS={"Key":"TransactionStatus","Value":"Completed"},{"Key":"ReceiptNo","Value":"N"}""", "Info N"],
        ["mpesa-c2b", "{}", Result, """CODE=0 ITEMS={"Key":"TransactionAmount","Value":8000}""", "Outgoing T KES 8000.00"],
        ["wave", "{}", Wave, "KIND=checkout.session.completed AMOUNT=100 STATUS=succeeded", "payment T XOF 100 acme#1"],
        ["wave", "{}", Wave, "KIND=checkout.session.completed AMOUNT=100 STATUS=processing", "Pending T XOF 100"],
        ["wave", "{}", Wave, "KIND=merchant.payment_received AMOUNT=99 STATUS=", "payment W XOF 99 acme#1"],
        ["wave", "{}", Wave, "KIND=checkout.session.completed AMOUNT=12.5 STATUS=succeeded", "fault message-malformed"],
        ["wave", "{}", Wave, "KIND=b2b.payment_failed AMOUNT=99 STATUS=", "Failed T"],
        ["wave", "{}", Wave, "KIND=checkout.session.refunded AMOUNT=100 STATUS=", "reversal T XOF 100 of T"],
        ["wave", "{}", Wave, "KIND=merchant.payment_reversed AMOUNT=-99 STATUS=", "reversal T XOF 99 of T"],
        ["wave", "{}", Wave, "KIND=merchant.payment_received AMOUNT=-99 STATUS=succeeded\",\"is_reversal\":true,\"x\":\"", "reversal T XOF 99 of T"],
        ["wave", "{}", Wave, "KIND=checkout.session.refunded AMOUNT=some STATUS=", "Reversal T"],
    ];

    [Theory, MemberData(nameof(Rows))]
    public void A_message_reads_as_it_is_meant(string format, string settings, string template, string with, string expected)
    {
        var body = with.Split(' ').Select(one => one.Split('=', 2)).Aggregate(template, (text, pair) => text.Replace(pair[0], pair[1], StringComparison.Ordinal));
        var source = new CallbackSource("psp", "adapter", Mode.Live, JsonElement.Parse(settings), OpenCredentials.None);
        var message = new CallbackMessage("POST", "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);
        Assert.Equal(expected, Show(Assert.Single(CallbackFormats.All.Single(one => one.Name == format).Read(message, source))));
    }

    [Theory]
    [InlineData("mpesa-c2b", """{"addresses":["196.201.214"],"when_unsure":"perhaps","stk":"x"}""", "settings.addresses.0 settings.when_unsure settings.stk")]
    [InlineData("mixx-tz", "{}", "settings.addresses")]
    [InlineData("wave", """{"tolerance_seconds":1,"tolerance":5}""", "settings.tolerance_seconds settings.tolerance")]
    [InlineData("paystack", """{"hundredths":"yes","psp_reference_prefix":""}""", "settings.hundredths settings.psp_reference_prefix")]
    [InlineData("mtn-momo", """{"doorbell":true,"addresses":["10.0.0.0/8"]}""", null)]
    public void Settings_that_can_not_be_used_are_named(string format, string settings, string? faults)
    {
        var refused = CallbackFormats.All.Single(one => one.Name == format).CheckSettings(JsonElement.Parse(settings));
        Assert.Equal(faults, refused is null ? null : string.Join(' ', refused.Faults.Select(fault => fault.Field)));
    }

    private static string Show(Entry entry) => entry switch
    {
        PaymentEntry { Notice: var notice } =>
            $"payment {notice.PspReference} {notice.Amount} {notice.Text ?? notice.Metadata ?? $"{notice.AccountId} {notice.ReferenceId}".Trim()}",
        NoticeEntry notice => $"{notice.Kind} {notice.PspReference} {notice.Amount}".TrimEnd(),
        ReversalEntry back => $"reversal {back.PspReference} {back.Amount} of {back.OriginalReference}",
        FaultEntry fault => $"fault {fault.Code}",
        _ => entry.ToString()!,
    };
}
