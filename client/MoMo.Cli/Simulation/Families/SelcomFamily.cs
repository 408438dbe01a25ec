using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Selcom's C2B notifications of utility payments, with a bearer token.</summary>
internal sealed class SelcomFamily : PspFamily
{
    public override string Name => "selcom";

    public override string Format => "selcom";

    public override string Currency => "TZS";

    public override string Credential => "bearer_token";

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) => C2b(payment, line, "notification");

    public override bool Asks => true;

    /// <summary>May this be paid? Selcom asks with the same fields.</summary>
    public override HttpRequestMessage Ask(SimulatedPayment payment, SimulatedLine line) => C2b(payment, line, "validation");

    public override string Judge(int status, string body) => status != 200
        ? base.Judge(status, body)
        : AnswerText.Json(body, "resultcode") switch
        {
            "000" => "taken",
            "015" => "busy",
            _ => "refused",
        };

    private static HttpRequestMessage C2b(SimulatedPayment payment, SimulatedLine line, string what)
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
        return With(Send($"{line.Path}/{what}", body), "Authorization", $"Bearer {line.Secret}");
    }
}
