using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Selcom's C2B notifications of utility payments, with a bearer token.</summary>
internal sealed class SelcomFamily : PspFamily
{
    public override string Name => "selcom";

    public override string Format => "selcom";

    public override string Currency => "TZS";

    public override string Credential => "bearer_token";

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["operator"] = "VODACOM",
            ["transid"] = payment.PspReference,
            ["reference"] = $"{payment.Number}",
            ["utilityref"] = payment.Typed,
            ["amount"] = payment.Amount,
            ["msisdn"] = payment.Phone("255"),
        });
        return With(Send($"{line.Path}/notification", body), "Authorization", $"Bearer {line.Secret}");
    }

    public override string Judge(int status, string body) => status != 200
        ? base.Judge(status, body)
        : AnswerText.Json(body, "resultcode") switch
        {
            "000" => "taken",
            "015" => "busy",
            _ => "refused",
        };
}
