using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class FlutterwaveV4Spec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "flutterwave-v4";

    protected override string Credential => "secret_hash";

    protected override string Message(string id, string amount) => $$$"""
        {"webhook_id":"wbk_1","timestamp":1773490577000,"type":"charge.completed","data":{"id":"{{{id}}}","amount":{{{amount}}},"currency":"UGX",
         "customer":{"name":{"first":"Jane","last":"Doe"},"phone":{"country_code":"256","number":"770123456"}},"reference":"acme#{{{id}}}",
         "status":"succeeded","created_datetime":1773490577.123}}
        """;

    protected override (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at) =>
        (new() { ["flutterwave-signature"] = Hmac.Base64(secret, body) }, body);
}
