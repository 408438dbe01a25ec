using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace MoMo.Cli.Simulation.Families;

/// <summary>M-Pesa Tanzania's broker: XML whose sender is told by a hash of provider, password and time.</summary>
internal sealed class MPesaTanzaniaFamily : PspFamily
{
    private const string Provider = "888000";
    private static readonly XNamespace Space = "http://inforwise.co.tz/broker/";
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    public override string Name => "mpesa-tz";

    public override string Format => "mpesa-tz";

    public override string Currency => "TZS";

    public override string Credential => "sp_password";

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var time = line.Now.ToOffset(EastAfrica).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var request = new XElement(
            Space + "request",
            new XElement(
                Space + "serviceProvider",
                new XElement(Space + "spId", Provider),
                new XElement(Space + "spPassword", Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{Provider}{line.Secret}{time}")))),
                new XElement(Space + "timestamp", time)),
            new XElement(
                Space + "transaction",
                new XElement(Space + "amount", payment.Amount),
                new XElement(Space + "commandID", "Pay Bill"),
                new XElement(Space + "initiator", payment.Phone("255")),
                new XElement(Space + "originatorConversationID", $"o-{payment.PspReference}"),
                new XElement(Space + "recipient", Provider),
                new XElement(Space + "mpesaReceipt", payment.PspReference),
                new XElement(Space + "transactionDate", payment.PaidAt.ToOffset(EastAfrica).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                new XElement(Space + "accountReference", payment.Typed),
                new XElement(Space + "transactionID", payment.Number),
                new XElement(Space + "conversationID", $"c-{payment.PspReference}")));
        var message = new XElement(Space + "mpesaBroker", new XAttribute("version", "2.0"), request);
        return Send(line.Path, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{message.ToString(SaveOptions.DisableFormatting)}", "application/xml");
    }

    public override string Judge(int status, string body) =>
        status == 200 && AnswerText.Xml(body, "responseCode") != "0" ? "refused" : base.Judge(status, body);
}
