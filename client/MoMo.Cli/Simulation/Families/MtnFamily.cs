using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>MTN MoMo: what came of a requesttopay, put once and unsigned. Who is not MTN guesses the path.</summary>
internal sealed class MtnFamily : PspFamily
{
    public override string Name => "mtn";

    public override string Format => "mtn-momo";

    public override string Currency => "UGX";

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) => Send(
        line.Path,
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["financialTransactionId"] = payment.PspReference,
            ["externalId"] = payment.Named,
            ["amount"] = payment.Amount,
            ["currency"] = payment.Currency,
            ["payer"] = new Dictionary<string, string> { ["partyIdType"] = "MSISDN", ["partyId"] = payment.Phone("256") },
            ["status"] = "SUCCESSFUL",
        }),
        method: HttpMethod.Put);
}
