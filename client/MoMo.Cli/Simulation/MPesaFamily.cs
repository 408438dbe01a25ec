using System.Globalization;
using System.Text;
using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Cli.Simulation;

/// <summary>M-Pesa C2B confirmations as Daraja sends them. Who does not know the secret guesses the path.</summary>
internal sealed class MPesaFamily : PspFamily
{
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    public override string Name => "mpesa";

    public override string Format => "mpesa-c2b";

    public override string Settings => """{"addresses":["127.0.0.0/8","::1"]}""";

    public override HttpRequestMessage Tell(SimulatedPayment payment, AdapterView adapter, string? key, bool wrongly)
    {
        var message = new Dictionary<string, string>
        {
            ["TransactionType"] = "Pay Bill",
            ["TransID"] = payment.PspReference,
            ["TransTime"] = payment.PaidAt.ToOffset(EastAfrica).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
            ["TransAmount"] = payment.Amount,
            ["BusinessShortCode"] = "600638",
            ["BillRefNumber"] = payment.Reference is null ? payment.Account : $"{payment.Account}#{payment.Reference}",
            ["InvoiceNumber"] = "",
            ["OrgAccountBalance"] = "",
            ["ThirdPartyTransID"] = "",
            ["MSISDN"] = string.Create(CultureInfo.InvariantCulture, $"2547{payment.Number % 100_000_000:D8}"),
            ["FirstName"] = "JANE",
            ["MiddleName"] = "",
            ["LastName"] = "WANJIKU",
        };
        var path = wrongly ? $"callbacks/{adapter.Id}/guessed" : adapter.CallbackPath!.TrimStart('/');
        return new HttpRequestMessage(HttpMethod.Post, $"{path}/confirmation")
        {
            Content = new StringContent(JsonSerializer.Serialize(message), Encoding.UTF8, "application/json"),
        };
    }

    public override string Judge(int status, string body)
    {
        if (status == 404) return "not admitted";
        try
        {
            using var answer = JsonDocument.Parse(body);
            // Daraja is told the same of a repeat as of the first.
            return status == 200 && $"{answer.RootElement.GetProperty("ResultCode")}" == "0" ? "taken" : "refused";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "refused";
        }
    }
}
