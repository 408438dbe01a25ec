using System.Globalization;
using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>M-Pesa Kenya's C2B confirmations as Daraja sends them: unsigned, so who is not Daraja guesses the path.</summary>
internal sealed class MPesaFamily : PspFamily
{
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    public override string Name => "mpesa";

    public override string Format => "mpesa-c2b";

    public override string Settings => LoopbackOnly;

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) => C2b(payment, line, "confirmation");

    public override bool Asks => true;

    /// <summary>The validation, which looks the same: where it is enabled, M-Pesa asks before the money moves.</summary>
    public override HttpRequestMessage Ask(SimulatedPayment payment, SimulatedLine line) => C2b(payment, line, "validation");

    public override string Judge(int status, string body) => status == 200 && AnswerText.Json(body, "ResultCode") != "0" ? "refused" : base.Judge(status, body);

    /// <summary>14 digits, East Africa Time.</summary>
    internal static string Time(DateTimeOffset time) => time.ToOffset(EastAfrica).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    private static HttpRequestMessage C2b(SimulatedPayment payment, SimulatedLine line, string what) => Send(
        $"{line.Path}/{what}",
        JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["TransactionType"] = "Pay Bill",
            ["TransID"] = payment.PspReference,
            ["TransTime"] = Time(payment.PaidAt),
            ["TransAmount"] = payment.Amount,
            ["BusinessShortCode"] = "600638",
            ["BillRefNumber"] = payment.Typed,
            ["InvoiceNumber"] = "",
            ["OrgAccountBalance"] = "",
            ["ThirdPartyTransID"] = "",
            ["MSISDN"] = payment.Phone("254"),
            ["FirstName"] = "JANE",
            ["MiddleName"] = "",
            ["LastName"] = "WANJIKU",
        }));
}
