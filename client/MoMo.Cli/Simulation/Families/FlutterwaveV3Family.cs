using System.Globalization;
using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Flutterwave's webhooks, version 3: the header is the shared secret itself; amounts are numbers in major units.</summary>
internal sealed class FlutterwaveV3Family : PspFamily, IAskedFamily
{
    public override string Name => "flutterwave-v3";

    public override string Format => "flutterwave-v3";

    public override string Credential => "secret_hash";

    public IReadOnlyList<string> AskingCredentials { get; } = ["secret_key"];

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, object> { ["event"] = "charge.completed", ["data"] = Charge(payment, "successful") });
        return With(Send(line.Path, body), "verif-hash", line.Secret);
    }

    public string AskingSettings(string url) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { ["status_url"] = $"{url}/v3/transactions/{{psp_reference}}/verify" });

    public string AskedBy(SimulatedPayment payment) => payment.PspReference;

    public StatusReply Answer(StatusRequest request, IReadOnlyDictionary<string, string> shared, Func<string, KnownPayment?> find)
    {
        if (request.Header("Authorization") != $"Bearer {shared["secret_key"]}") return StatusReply.NotAdmitted;
        return request.Path.Split('/') is ["", "v3", "transactions", var id, "verify"] && find(id) is { } known
            ? StatusReply.Of(new Dictionary<string, object>
            {
                ["status"] = "success", ["message"] = "Transaction fetched successfully", ["data"] = Charge(known.Payment, known.IsPending ? "pending" : "successful"),
            })
            : new StatusReply(400, """{"status":"error","message":"No transaction was found for this id","data":null}""");
    }

    private static Dictionary<string, object> Charge(SimulatedPayment payment, string status) => new()
    {
        ["id"] = payment.PspReference,
        ["tx_ref"] = payment.Named,
        ["flw_ref"] = "N/A",
        ["amount"] = payment.Major,
        ["charged_amount"] = payment.Major,
        ["currency"] = payment.Currency,
        ["status"] = status,
        ["created_at"] = payment.PaidAt.ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'", CultureInfo.InvariantCulture),
        ["customer"] = new Dictionary<string, string> { ["name"] = "Jane Doe", ["phone_number"] = payment.Phone("254") },
    };
}
