using MoMo.Domain.Files;
using MoMo.Edge.Formats.Ofx;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Ofx;

[Collection(Alone.Name)]
public sealed class OfxFormatSpec : StatementFormatSpec
{
    private const string Head =
        "OFXHEADER:100\nDATA:OFXSGML\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD"
        + "<BANKACCTFROM><BANKID>121<ACCTID>000<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>\n";

    private const string Tail = "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>";

    protected override IStatementFormat Format => new OfxFormat();

    protected override string Sample => Head + """
        <STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260314<TRNAMT>10.00<FITID>F1<NAME>JÜRGEN &amp; CO<MEMO>4001#INV-90</STMTTRN>
        <STMTTRN><TRNTYPE>FEE<DTPOSTED>20260314093047.123[-5:EST]<TRNAMT>-1,50<FITID>F2<MEMO></STMTTRN>
        <STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260314<TRNAMT>$12<FITID>F3</STMTTRN>
        <!-- a note --><STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20260314</DTPOSTED><TRNAMT>3</TRNAMT><FITID>F4</FITID><MEMO><![CDATA[a < b]]></MEMO></STMTTRN>
        """ + Tail;

    protected override string EndlessStart => Head + "<STMTTRN><MEMO>";

    protected override bool CutIsRefused => true;

    protected override IEnumerable<string> Big(int payments)
    {
        yield return Head;
        for (var number = 1; number <= payments; number++)
            yield return $"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260314<TRNAMT>1.00<FITID>F{number}<NAME>JANE DOE<MEMO>4001#{number}</STMTTRN>\n";
        yield return Tail;
    }
}
