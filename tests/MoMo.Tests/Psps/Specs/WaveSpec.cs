using System.Globalization;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class WaveSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "wave";

    protected override string Credential => "signing_secret";

    protected override bool Ages => true;

    protected override string Message(string id, string amount) => $$$"""
        {"id": "AE_1", "type": "checkout.session.completed", "data": {"id": "cos-1", "amount": "{{{amount}}}", "checkout_status": "complete",
         "client_reference": "acme#{{{id}}}", "currency": "XOF", "payment_status": "succeeded", "when_completed": "2026-03-14T12:16:17Z",
         "transaction_id": "{{{id}}}"}}
        """;

    protected override (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        // While Wave rotates, one of several signatures is ours.
        return (new() { ["Wave-Signature"] = $"t={time},v1={new string('0', 64)},v1={Hmac.Hex256(secret, time + body)}" }, body);
    }
}
