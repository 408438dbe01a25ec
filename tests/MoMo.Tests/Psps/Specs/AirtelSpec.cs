using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class AirtelSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "airtel-money";

    protected override string Credential => "hash_key";

    protected override bool CredentialIsOptional => true;

    protected override bool SignsTorn => false;

    protected override string Notice => "info";

    protected override string Message(string id, string amount) =>
        $$$"""{"id":"HUB-{{{id}}}","message":"Paid UGX 5,000 to HUB, Trans ID MP260314.{{{id}}}.","status_code":"TS","airtel_money_id":"MP260314.{{{id}}}"}""";

    protected override (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at) =>
        ([], $$$"""{ "transaction": {{{body}}}, "hash": "{{{Hmac.Base64(secret, body)}}}" }""");

    protected override string Bare(string body) => $$$"""{"transaction":{{{body}}}}""";
}
