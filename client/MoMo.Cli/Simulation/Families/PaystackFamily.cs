using System.Globalization;
using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Paystack's webhooks: signed with the secret key, amounts in minor units, account and customer in the merchant's metadata.</summary>
internal sealed class PaystackFamily : PspFamily
{
    public override string Name => "paystack";

    public override string Format => "paystack";

    public override string Currency => "NGN";

    public override string Credential => "secret_key";

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var metadata = new Dictionary<string, string> { ["account_id"] = payment.Account };
        if (payment.Reference is { } reference) metadata["reference_id"] = reference;
        var body = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["event"] = "charge.success",
            ["data"] = new Dictionary<string, object>
            {
                ["id"] = payment.Number,
                ["domain"] = line.Test ? "test" : "live",
                ["status"] = "success",
                ["reference"] = payment.PspReference,
                ["amount"] = payment.MinorUnits,
                ["currency"] = payment.Currency,
                ["paid_at"] = payment.PaidAt.ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'", CultureInfo.InvariantCulture),
                ["metadata"] = metadata,
                ["customer"] = new Dictionary<string, string> { ["first_name"] = "Jane", ["email"] = "jane@example.com" },
            },
        });
        return With(Send(line.Path, body), "x-paystack-signature", Signing.Hex512(line.Secret, body));
    }
}
