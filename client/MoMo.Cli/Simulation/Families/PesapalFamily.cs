using System.Globalization;
using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Pesapal's IPN: a GET that only says that an order changed, unsigned: news of a payment and not one. Who is not Pesapal guesses the path.</summary>
internal sealed class PesapalFamily : PspFamily, IAskedFamily
{
    private const string Token = "simulated-token";

    public override string Name => "pesapal";

    public override string Format => "pesapal";

    public override bool Pays => false;

    public IReadOnlyList<string> AskingCredentials { get; } = ["consumer_key", "consumer_secret"];

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) => new(
        HttpMethod.Get,
        $"{line.Path}?OrderTrackingId={payment.PspReference}&OrderMerchantReference={Uri.EscapeDataString(payment.Named)}&OrderNotificationType=IPNCHANGE");

    public override string Judge(int status, string body) => status == 200 && AnswerText.Json(body, "status") != "200" ? "refused" : base.Judge(status, body);

    public string AskingSettings(string url) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["status_url"] = $"{url}/v3/api/Transactions/GetTransactionStatus?orderTrackingId={{order_tracking_id}}",
        ["token_url"] = $"{url}/v3/api/Auth/RequestToken",
    });

    public string AskedBy(SimulatedPayment payment) => payment.PspReference;

    public StatusReply Answer(StatusRequest request, IReadOnlyDictionary<string, string> shared, Func<string, KnownPayment?> find)
    {
        if (request.Path == "/v3/api/Auth/RequestToken")
        {
            return AskingCredentials.All(one => AnswerText.Json(request.Body, one) == shared[one])
                ? StatusReply.Of(new { token = Token, expiryDate = "2099-01-01T00:00:00Z", error = (string?)null, status = "200" })
                : StatusReply.Of(new { error = new { code = "invalid_consumer_key_or_secret_provided" }, status = "500" });
        }

        if (request.Header("Authorization") != $"Bearer {Token}") return StatusReply.NotAdmitted;
        if (request.Query("orderTrackingId") is not { } order || find(order) is not { } known)
            return StatusReply.Of(new { error = new { code = "invalid_order_tracking_id", message = "Invalid order" }, status = "500" });
        var payment = known.Payment;
        return StatusReply.Of(new Dictionary<string, object?>
        {
            ["payment_method"] = "MpesaKE",
            ["amount"] = payment.Major,
            ["created_date"] = payment.PaidAt.ToOffset(TimeSpan.FromHours(3)).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
            ["confirmation_code"] = payment.PspReference,
            ["order_tracking_id"] = order,
            ["merchant_reference"] = payment.Named,
            ["payment_status_description"] = known.IsPending ? "Pending" : "Completed",
            ["status_code"] = known.IsPending ? 0 : 1,
            ["payment_account"] = payment.Phone("254"),
            ["currency"] = payment.Currency,
            ["status"] = "200",
        });
    }
}
