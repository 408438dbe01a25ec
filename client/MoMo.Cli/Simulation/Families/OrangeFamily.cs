using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Orange Money's notifications: a status, the token that was agreed and an id, but no amount: news of a payment and not one.</summary>
internal sealed class OrangeFamily : PspFamily
{
    public override string Name => "orange";

    public override string Format => "orange-money";

    public override string Currency => "XOF";

    public override string Credential => "notif_token";

    public override bool Pays => false;

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) => Send(
        line.Path,
        JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["status"] = "SUCCESS",
            ["notif_token"] = line.Secret,
            ["txnid"] = payment.PspReference,
        }));
}
