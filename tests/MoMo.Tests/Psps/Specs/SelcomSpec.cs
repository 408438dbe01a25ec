using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class SelcomSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "selcom";

    protected override string Credential => "api_secret";

    protected override bool Ages => true;

    protected override bool SignsTorn => false;

    protected override string Notice => "info";

    /// <summary>Selcom's own sample has a key twice and one misspelt.</summary>
    protected override string Message(string id, string amount) => $$$"""
        {"transid":"{{{id}}}","order_id":"{{{id}}}","reference":"0289999288","result":"SUCCESS","result":"SUCCESS","resulcode":"000","payment_status":"COMPLETED"}
        """;

    protected override (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at)
    {
        var time = at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);
        var id = body.Split("\"order_id\":\"") is [_, var rest] ? rest.Split('"')[0] : "";
        var text = $"timestamp={time}&order_id={id}&result=SUCCESS&payment_status=COMPLETED";
        return (
            new()
            {
                ["Digest-Method"] = "HS256", ["Digest"] = Hmac.Base64(secret, text), ["Timestamp"] = time, ["Signed-Fields"] = "order_id,result,payment_status",
            },
            body);
    }
}
