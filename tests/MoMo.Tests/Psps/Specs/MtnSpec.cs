using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class MtnSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "mtn-momo";

    protected override HttpMethod Method => HttpMethod.Put;

    protected override string Message(string id, string amount) => $$$"""
        {"financialTransactionId":"{{{id}}}","externalId":"acme#{{{id}}}","amount":"{{{amount}}}","currency":"UGX",
         "payer":{"partyIdType":"MSISDN","partyId":"256770123456"},"status":"SUCCESSFUL"}
        """;
}
