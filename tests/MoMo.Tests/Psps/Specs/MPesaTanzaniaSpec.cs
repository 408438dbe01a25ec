using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MoMo.Domain.Callbacks;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class MPesaTanzaniaSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "mpesa-tz";

    protected override string Credential => "sp_password";

    /// <summary>The password's hash says nothing of the transaction.</summary>
    protected override bool SignsBody => false;

    protected override bool Ages => true;

    protected override string MediaType => "application/xml";

    protected override string Message(string id, string amount) => $"""
        <transaction><amount>{amount}.0</amount><commandID>Pay Bill</commandID><initiator>255712345678</initiator>
        <originatorConversationID>o-{id}</originatorConversationID><recipient>888000</recipient><mpesaReceipt>{id}</mpesaReceipt>
        <transactionDate>2026-01-08 12:00:00</transactionDate><accountReference>acme</accountReference><transactionID>1</transactionID>
        <conversationID>c-{id}</conversationID></transaction>
        """;

    protected override (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at)
    {
        var time = at.ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"888000{secret}{time}")));
        return ([], Broker($"<serviceProvider><spId>888000</spId><spPassword>{hash}</spPassword><timestamp>{time}</timestamp></serviceProvider>{body}"));
    }

    protected override string Bare(string body) => Broker(body);

    protected override (int Status, string Part) Words(CallbackVerdict verdict) => verdict switch
    {
        CallbackVerdict.Forbidden => (401, "<responseCode>999</responseCode>"),
        CallbackVerdict.Refused => (200, "<responseCode>999</responseCode>"),
        _ => (200, "<responseCode>0</responseCode><responseDesc>Received</responseDesc>"),
    };

    private static string Broker(string request) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <mpesaBroker xmlns="http://inforwise.co.tz/broker/" version="2.0"><request>{request}</request></mpesaBroker>
        """;
}
