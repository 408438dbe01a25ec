using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Airtel Money with callback authentication: it names its amount in free text only, so it is news of a payment and not one.</summary>
internal sealed class AirtelFamily : PspFamily
{
    public override string Name => "airtel";

    public override string Format => "airtel-money";

    public override string Currency => "UGX";

    public override string Credential => "hash_key";

    public override bool Pays => false;

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var transaction = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["id"] = $"HUB-{payment.Named}-{payment.Number}",
            ["message"] = $"Paid {payment.Currency} {payment.Amount} to HUB, Trans ID {payment.PspReference}.",
            ["status_code"] = "TS",
            ["airtel_money_id"] = payment.PspReference,
        });
        return Send(line.Path, $$"""{"transaction":{{transaction}},"hash":"{{Signing.Base64(line.Secret, transaction)}}"}""");
    }
}
