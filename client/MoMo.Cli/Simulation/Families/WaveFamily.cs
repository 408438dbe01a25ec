using System.Globalization;
using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Wave's webhooks of completed checkouts; the time is signed with the body.</summary>
internal sealed class WaveFamily : PspFamily
{
    public override string Name => "wave";

    public override string Format => "wave";

    public override string Currency => "XOF";

    public override string Credential => "signing_secret";

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["id"] = $"AE_{payment.Number}",
            ["type"] = "checkout.session.completed",
            ["data"] = new Dictionary<string, string>
            {
                ["id"] = $"cos-{payment.Number}",
                ["amount"] = payment.Amount,
                ["checkout_status"] = "complete",
                ["client_reference"] = payment.Named,
                ["currency"] = payment.Currency,
                ["payment_status"] = "succeeded",
                ["transaction_id"] = payment.PspReference,
                ["when_completed"] = payment.PaidAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            },
        });
        var time = line.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return With(Send(line.Path, body), "Wave-Signature", $"t={time},v1={Signing.Hex256(line.Secret, time + body)}");
    }
}
