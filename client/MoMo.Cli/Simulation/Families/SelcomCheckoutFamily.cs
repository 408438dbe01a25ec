using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Selcom's checkout: a webhook that is signed, field by field, and has no amount: news of a payment and not one.</summary>
internal sealed class SelcomCheckoutFamily : PspFamily, IAskedFamily
{
    private const string SignedFields = "transid,order_id,reference,result,resultcode,payment_status";

    public override string Name => "selcom-checkout";

    public override string Format => "selcom";

    public override string Currency => "TZS";

    public override string Credential => "api_secret";

    public override bool Pays => false;

    public IReadOnlyList<string> AskingCredentials { get; } = ["api_key"];

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var fields = new Dictionary<string, string>
        {
            ["transid"] = payment.PspReference,
            // Without anybody to ask, the order is what is noted.
            ["order_id"] = line.IsAsked ? AskedBy(payment) : payment.PspReference,
            ["reference"] = $"{payment.Number}",
            ["result"] = "SUCCESS",
            ["resultcode"] = "000",
            ["payment_status"] = "COMPLETED",
        };
        var time = Time(line.Now);
        var text = $"timestamp={time}{string.Concat(SignedFields.Split(',').Select(name => $"&{name}={fields[name]}"))}";
        var message = With(With(Send(line.Path, JsonSerializer.Serialize(fields)), "Timestamp", time), "Signed-Fields", SignedFields);
        return With(With(message, "Digest-Method", "HS256"), "Digest", Signing.Base64(line.Secret, text));
    }

    public string AskingSettings(string url) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { ["status_url"] = $"{url}/v1/checkout/order-status?order_id={{order_id}}" });

    /// <summary>The merchant's own name of the order: whose it is, and which.</summary>
    public string AskedBy(SimulatedPayment payment) => $"{payment.Account}#{payment.PspReference}";

    public StatusReply Answer(StatusRequest request, IReadOnlyDictionary<string, string> shared, Func<string, KnownPayment?> find)
    {
        var order = request.Query("order_id");
        var digest = Signing.Base64(shared[Credential], $"timestamp={request.Header("Timestamp")}&order_id={order}");
        var key = Convert.ToBase64String(Encoding.UTF8.GetBytes(shared["api_key"]));
        if (request.Header("Authorization") != $"SELCOM {key}" || request.Header("Digest") != digest) return StatusReply.NotAdmitted;
        if (request.Path != "/v1/checkout/order-status" || order is null || find(order) is not { } known)
            return StatusReply.Of(new { reference = "0", resultcode = "404", result = "FAIL", message = "Order not found", data = Array.Empty<object>() });
        var payment = known.Payment;
        return StatusReply.Of(new Dictionary<string, object>
        {
            ["reference"] = $"{payment.Number}",
            ["resultcode"] = "000",
            ["result"] = "SUCCESS",
            ["message"] = "Order fetch successful",
            ["data"] = new[]
            {
                new Dictionary<string, string>
                {
                    ["order_id"] = order,
                    ["creation_date"] = payment.PaidAt.ToOffset(TimeSpan.FromHours(3)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    ["amount"] = payment.Amount,
                    ["payment_status"] = known.IsPending ? "PENDING" : "COMPLETED",
                    ["transid"] = payment.PspReference,
                    ["channel"] = "MPESA-TZ",
                    ["reference"] = $"{payment.Number}",
                    ["phone"] = payment.Phone("255"),
                },
            },
        });
    }

    private static string Time(DateTimeOffset now) => now.ToOffset(TimeSpan.FromHours(3)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
