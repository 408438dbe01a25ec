using MoMo.Domain.Callbacks;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class MPesaSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "mpesa-c2b";

    protected override string Path => "confirmation";

    protected override string Message(string id, string amount) => $$$"""
        {"TransactionType":"Pay Bill","TransID":"{{{id}}}","TransTime":"20260314151617","TransAmount":"{{{amount}}}.00","BusinessShortCode":"600966",
         "BillRefNumber":"acme#1","MSISDN":"2547 ***** 149","FirstName":"JANE"}
        """;

    protected override (int Status, string Part) Words(CallbackVerdict verdict) =>
        (200, verdict == CallbackVerdict.Refused ? "{\"ResultCode\":1," : "{\"ResultCode\":0,\"ResultDesc\":\"Success\"}");
}
