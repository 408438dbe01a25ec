using MoMo.Domain.Callbacks;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class SelcomC2bSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "selcom";

    protected override string Credential => "bearer_token";

    protected override bool SignsBody => false;

    protected override bool SignsTorn => true;

    protected override string Path => "notification";

    protected override string Message(string id, string amount) =>
        $$$"""{"operator":"VODACOM","transid":"{{{id}}}","reference":"1","utilityref":"acme#{{{id}}}","amount":"{{{amount}}}","msisdn":"255712345678"}""";

    protected override (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at) =>
        (new() { ["Authorization"] = $"Bearer {secret}" }, body);

    protected override (int Status, string Part) Words(CallbackVerdict verdict) => verdict switch
    {
        CallbackVerdict.Forbidden => (401, "\"resultcode\":\"014\""),
        CallbackVerdict.Refused => (200, "\"resultcode\":\"014\""),
        _ => (200, "\"resultcode\":\"000\""),
    };
}
