using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Flutterwave's webhooks, version 4: the body is signed; times are seconds since 1970.</summary>
internal sealed class FlutterwaveV4Family : PspFamily
{
    public override string Name => "flutterwave-v4";

    public override string Format => "flutterwave-v4";

    public override string Currency => "UGX";

    public override string Credential => "secret_hash";

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["webhook_id"] = $"wbk_{payment.Number}",
            ["timestamp"] = line.Now.ToUnixTimeMilliseconds(),
            ["type"] = "charge.completed",
            ["data"] = new Dictionary<string, object>
            {
                ["id"] = payment.PspReference,
                ["amount"] = payment.Major,
                ["currency"] = payment.Currency,
                ["customer"] = new Dictionary<string, object>
                {
                    ["name"] = new Dictionary<string, string> { ["first"] = "Jane", ["last"] = "Doe" },
                    ["phone"] = new Dictionary<string, string> { ["country_code"] = "256", ["number"] = payment.Phone("") },
                },
                ["reference"] = payment.Named,
                ["status"] = "succeeded",
                ["created_datetime"] = payment.PaidAt.ToUnixTimeSeconds() + 0.123m,
            },
        });
        return With(Send(line.Path, body), "flutterwave-signature", Signing.Base64(line.Secret, body));
    }
}
