using MoMo.Domain.Files;
using MoMo.Edge.Formats.Xml;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Xml;

[Collection(Alone.Name)]
public sealed class XmlFormatSpec : StatementFormatSpec
{
    private const string Head = "<?xml version=\"1.0\"?>\n<Report Currency=\"KES\"><Account Number=\"600638\"/><Payments>\n";
    private const string Tail = "</Payments></Report>";

    protected override IStatementFormat Format => new XmlFormat();

    protected override string Settings => """
        {"row":"Report/Payments/Payment","thousands_marks":[","],"paid_at_formats":["yyyy-MM-ddTHH:mm:ss"],
         "fields":{"psp_reference":"@id","amount":"Amount","currency":"/Report/@Currency","paid_at":"Time","text":"Payer/Ref","payer_name":"Payer/Name",
                   "shortcode":"/Report/Account/@Number"},
         "filters":[{"column":"Status","equals":"OK","otherwise":"failed"}]}
        """;

    protected override string Sample => Head + """
        <Payment id="P1"><Amount>1,250.50</Amount><Time>2026-01-15T09:30:47</Time><Status>OK</Status><Payer><Name>ÜNÏ</Name><Ref>4001#INV-77</Ref></Payer></Payment>
        <Payment id="P2"><Amount>-3</Amount><Time>2026-01-15T09:30:47</Time><Status>OK</Status></Payment>
        <Payment id="P3"><Amount>7</Amount><Time/><Status>NO</Status><!-- x --><Other><![CDATA[<y>]]></Other></Payment>
        <Payment id="P4" />
        """ + Tail;

    protected override string EndlessStart => Head + "<Payment id=\"P1\"><Amount>";

    protected override bool CutIsRefused => true;

    protected override IEnumerable<string> Big(int payments)
    {
        yield return Head;
        for (var number = 1; number <= payments; number++)
            yield return $"<Payment id=\"P{number}\"><Amount>1.00</Amount><Time>2026-01-15T09:30:47</Time><Status>OK</Status><Payer><Name>JANE DOE</Name><Ref>4001#{number}</Ref></Payer></Payment>\n";
        yield return Tail;
    }
}
