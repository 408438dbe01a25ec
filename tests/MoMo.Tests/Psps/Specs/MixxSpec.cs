using MoMo.Domain.Callbacks;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class MixxSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "mixx-tz";

    protected override string MediaType => "text/xml";

    protected override Dictionary<string, object> Settings => new() { ["addresses"] = new[] { "127.0.0.1" } };

    protected override string Message(string id, string amount) => $"""
        <?xml version="1.0"?>
        <COMMAND><TYPE>SYNC_BILLPAY_REQUEST</TYPE><TXNID>{id}</TXNID><MSISDN>714000001</MSISDN><AMOUNT>{amount}</AMOUNT>
        <COMPANYNAME>12345</COMPANYNAME><CUSTOMERREFERENCEID>acme#1</CUSTOMERREFERENCEID><SENDERNAME>JANE &amp; DOE</SENDERNAME></COMMAND>
        """;

    protected override (int Status, string Part) Words(CallbackVerdict verdict) => (200, verdict switch
    {
        CallbackVerdict.Differs => "<RESULT>TF</RESULT><ERRORCODE>error012</ERRORCODE>",
        CallbackVerdict.Refused => "<RESULT>TF</RESULT><ERRORCODE>error100</ERRORCODE>",
        _ => "<RESULT>TS</RESULT><ERRORCODE>error000</ERRORCODE>",
    });
}
