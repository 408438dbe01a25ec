using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class PaystackSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "paystack";

    protected override string Credential => "secret_key";

    protected override string Message(string id, string amount) => $$$"""
        {"event":"charge.success","data":{"id":1,"domain":"live","status":"success","reference":"{{{id}}}","amount":{{{amount}}},"currency":"NGN",
         "paid_at":"2026-03-14T12:16:17.000Z","metadata":{"account_id":"acme"},"customer":{"first_name":"Jane","email":"jane@example.com"} } }
        """;

    protected override (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at) =>
        (new() { ["x-paystack-signature"] = Hmac.Hex512(secret, body) }, body);
}
