using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>MTN MoMo: what came of a requesttopay, put once and unsigned, at an address that ends with its X-Reference-Id. Who is not MTN guesses the path.</summary>
internal sealed class MtnFamily : PspFamily, IAskedFamily
{
    private const string Token = "simulated-token";
    private const string KeyHeader = "Ocp-Apim-Subscription-Key";

    public override string Name => "mtn";

    public override string Format => "mtn-momo";

    public override string Currency => "UGX";

    public IReadOnlyList<string> AskingCredentials { get; } = ["subscription_key", "api_user", "api_key"];

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) =>
        Send(line.IsAsked ? $"{line.Path}/{AskedBy(payment)}" : line.Path, Body(payment, "SUCCESSFUL"), method: HttpMethod.Put);

    public string AskingSettings(string url) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["status_url"] = $"{url}/collection/v1_0/requesttopay/{{reference}}",
        ["token_url"] = $"{url}/collection/token/",
        ["status_headers"] = new Dictionary<string, string> { ["X-Target-Environment"] = "simulated" },
    });

    /// <summary>The X-Reference-Id: a UUID that the same payment always has.</summary>
    public string AskedBy(SimulatedPayment payment) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(payment.PspReference))[..16]).ToString();

    public StatusReply Answer(StatusRequest request, IReadOnlyDictionary<string, string> shared, Func<string, KnownPayment?> find)
    {
        if (request.Header(KeyHeader) != shared["subscription_key"]) return StatusReply.NotAdmitted;
        if (request.Path == "/collection/token/")
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{shared["api_user"]}:{shared["api_key"]}"));
            return request.Method == "POST" && request.Header("Authorization") == $"Basic {basic}"
                ? StatusReply.Of(new { access_token = Token, token_type = "access_token", expires_in = 3600 }) : StatusReply.NotAdmitted;
        }

        const string Place = "/collection/v1_0/requesttopay/";
        if (request.Header("Authorization") != $"Bearer {Token}" || request.Header("X-Target-Environment") is null) return StatusReply.NotAdmitted;
        return request.Path.StartsWith(Place, StringComparison.Ordinal) && find(request.Path[Place.Length..]) is { } known
            ? new StatusReply(200, Body(known.Payment, known.IsPending ? "PENDING" : "SUCCESSFUL")) : StatusReply.NotThere;
    }

    private static string Body(SimulatedPayment payment, string status) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["financialTransactionId"] = payment.PspReference,
        ["externalId"] = payment.Named,
        ["amount"] = payment.Amount,
        ["currency"] = payment.Currency,
        ["payer"] = new Dictionary<string, string> { ["partyIdType"] = "MSISDN", ["partyId"] = payment.Phone("256") },
        ["status"] = status,
    });
}
