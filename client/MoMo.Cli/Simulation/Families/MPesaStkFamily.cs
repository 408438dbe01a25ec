using System.Globalization;
using System.Text.Json;

namespace MoMo.Cli.Simulation.Families;

/// <summary>
/// M-Pesa Kenya's STK callbacks, the end of pushes to customers' phones: unsigned, and without an account, so the adapter that a simulation makes knows by the
/// push's id whose they are.
/// </summary>
internal sealed class MPesaStkFamily : PspFamily
{
    public override string Name => "mpesa-stk";

    public override string Format => "mpesa-c2b";

    public override string Settings => LoopbackOnly;

    public override string Rules(string account) =>
        JsonSerializer.Serialize(new[] { new Dictionary<string, string> { ["rule"] = "pattern", ["pattern"] = "^ws_CO_", ["account"] = account } });

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) => Send(
        line.Path,
        JsonSerializer.Serialize(new
        {
            Body = new
            {
                stkCallback = new
                {
                    MerchantRequestID = string.Create(CultureInfo.InvariantCulture, $"29115-34620561-{payment.Number}"),
                    CheckoutRequestID = $"ws_CO_{payment.PspReference}",
                    ResultCode = 0,
                    ResultDesc = "The service request is processed successfully.",
                    CallbackMetadata = new
                    {
                        Item = new object[]
                        {
                            new { Name = "Amount", Value = payment.Major },
                            new { Name = "MpesaReceiptNumber", Value = payment.PspReference },
                            new { Name = "Balance" },
                            new { Name = "TransactionDate", Value = long.Parse(MPesaFamily.Time(payment.PaidAt), CultureInfo.InvariantCulture) },
                            new { Name = "PhoneNumber", Value = long.Parse(payment.Phone("254"), CultureInfo.InvariantCulture) },
                        },
                    },
                },
            },
        }));

    public override string Judge(int status, string body) => status == 200 && AnswerText.Json(body, "ResultCode") != "0" ? "refused" : base.Judge(status, body);
}
