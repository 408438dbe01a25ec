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

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) => Send(
        $"{line.Path}/confirmation",
        JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["TransactionType"] = "Pay Bill",
            ["TransID"] = payment.PspReference,
            ["TransTime"] = payment.PaidAt.ToOffset(EastAfrica).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
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

    public override string Judge(int status, string body) => status == 200 && AnswerText.Json(body, "ResultCode") != "0" ? "refused" : base.Judge(status, body);
}
