using MoMo.Domain.Callbacks;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class PesapalSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "pesapal";

    protected override HttpMethod Method => HttpMethod.Get;

    protected override string Notice => "info";

    protected override string Message(string id, string amount) => $"OrderTrackingId={id}&OrderMerchantReference=acme%23{id}&OrderNotificationType=IPNCHANGE";

    protected override string Torn(string whole) => whole.Replace("OrderTrackingId", "Order", StringComparison.Ordinal);

    protected override (int Status, string Part) Words(CallbackVerdict verdict) =>
        (200, verdict == CallbackVerdict.Refused ? "\"status\":500}" : "\"status\":200}");
}
