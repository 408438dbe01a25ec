using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class FlutterwaveV3Spec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "flutterwave-v3";

    protected override string Credential => "secret_hash";

    /// <summary>The header is the secret itself: anybody who knows it may say anything.</summary>
    protected override bool SignsBody => false;

    protected override bool SignsTorn => true;

    protected override string Message(string id, string amount) => $$$"""
        {"event":"charge.completed","data":{"id":"{{{id}}}","tx_ref":"acme#{{{id}}}","flw_ref":"N/A","amount":{{{amount}}},"charged_amount":{{{amount}}},
         "currency":"KES","status":"successful","created_at":"2026-03-14T12:16:17.000Z","customer":{"name":"Jane","phone_number":"N/A"} } }
        """;

    protected override (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at) =>
        (new() { ["verif-hash"] = secret }, body);
}
