using MoMo.Domain.Callbacks;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

/// <summary>Where C2B confirms the same payments, STK callbacks are only noted.</summary>
public sealed class StkSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "mpesa-c2b";

    protected override Dictionary<string, object> Settings => new() { ["stk"] = "notice" };

    protected override string Notice => "info";

    protected override string Message(string id, string amount) => $$$$"""
        {"Body":{"stkCallback":{"MerchantRequestID":"1","CheckoutRequestID":"ws_CO_{{{{id}}}}","ResultCode":0,"ResultDesc":"ok","CallbackMetadata":{"Item":[
         {"Name":"Balance"},{"Name":"Amount","Value":{{{{amount}}}}.00},{"Name":"MpesaReceiptNumber","Value":"{{{{id}}}}"},
         {"Name":"TransactionDate","Value":20260314151617},{"Name":"PhoneNumber","Value":254708374149}]} } } }
        """;

    protected override (int Status, string Part) Words(CallbackVerdict verdict) =>
        (200, verdict == CallbackVerdict.Refused ? "{\"ResultCode\":1," : "{\"ResultCode\":0,\"ResultDesc\":\"Success\"}");
}
