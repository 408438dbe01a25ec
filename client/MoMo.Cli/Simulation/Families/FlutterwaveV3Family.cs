using System.Globalization;
using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Flutterwave's webhooks, version 3: the header is the shared secret itself; amounts are numbers in major units.</summary>
internal sealed class FlutterwaveV3Family : PspFamily
{
    public override string Name => "flutterwave-v3";

    public override string Format => "flutterwave-v3";

    public override string Credential => "secret_hash";

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["event"] = "charge.completed",
            ["data"] = new Dictionary<string, object>
            {
                ["id"] = payment.PspReference,
                ["tx_ref"] = payment.Named,
                ["flw_ref"] = "N/A",
                ["amount"] = payment.Major,
                ["charged_amount"] = payment.Major,
                ["currency"] = payment.Currency,
                ["status"] = "successful",
                ["created_at"] = payment.PaidAt.ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'", CultureInfo.InvariantCulture),
                ["customer"] = new Dictionary<string, string> { ["name"] = "Jane Doe", ["phone_number"] = payment.Phone("254") },
            },
        });
        return With(Send(line.Path, body), "verif-hash", line.Secret);
    }
}
