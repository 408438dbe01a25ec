using System.Xml.Linq;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Mixx by Yas, Tanzania: <c>SYNC_BILLPAY_REQUEST</c>, unsigned and without a time. Who is not Mixx guesses the path.</summary>
internal sealed class MixxFamily : PspFamily
{
    public override string Name => "mixx";

    public override string Format => "mixx-tz";

    public override string Currency => "TZS";

    public override string Settings => LoopbackOnly;

    public override bool TellsDifferences => true;

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line)
    {
        var command = new XElement(
            "COMMAND",
            new XElement("TYPE", "SYNC_BILLPAY_REQUEST"),
            new XElement("TXNID", payment.PspReference),
            new XElement("MSISDN", payment.Phone("255")),
            new XElement("AMOUNT", payment.Amount),
            new XElement("COMPANYNAME", "12345"),
            new XElement("CUSTOMERREFERENCEID", payment.Typed),
            new XElement("SENDERNAME", "JANE & DOE"));
        return Send(line.Path, $"<?xml version=\"1.0\"?>{command.ToString(SaveOptions.DisableFormatting)}", "text/xml");
    }

    public override string Judge(int status, string body) => status != 200
        ? base.Judge(status, body)
        : (AnswerText.Xml(body, "RESULT"), AnswerText.Xml(body, "ERRORCODE")) switch
        {
            ("TS", _) => "taken",
            (_, "error012") => "differs",
            (_, "error111") => "busy",
            _ => "refused",
        };
}
