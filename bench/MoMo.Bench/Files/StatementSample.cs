using MoMo.Domain.Files;
using MoMo.Edge.Formats.Camt;
using MoMo.Edge.Formats.Csv;
using MoMo.Edge.Formats.Mt940;
using MoMo.Edge.Formats.Ofx;
using MoMo.Edge.Formats.Xml;
using MoMo.Bench.Rows;

namespace MoMo.Bench.Files;

/// <summary>A large file of one format: what it is made of, how it is read, and what it is compared with.</summary>
/// <param name="Format">Reads it.</param>
/// <param name="Settings">Of the format.</param>
/// <param name="Head">Before the rows.</param>
/// <param name="Row">A <see cref="Template"/>; each becomes one payment.</param>
/// <param name="Tail">After the rows.</param>
/// <param name="IsXml">Compared with a count of its nodes, else of its lines.</param>
internal sealed record StatementSample(IStatementFormat Format, string Settings, string Head, string Row, string Tail, bool IsXml)
{
    private const string Iban = "DE89370400440532013000";

    private const string CamtRow =
        """<Ntry><Amt Ccy="EUR">1%%%%.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-14</Dt></BookgDt><ValDt><Dt>2026-03-14</Dt></ValDt><AcctSvcrRef>R##############</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>E##############</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>JANE WANJIKU</Nm><PstlAdr><Ctry>DE</Ctry></PstlAdr></Pty></Dbtr><DbtrAcct><Id><IBAN>DE02100100100006820101</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>acct-@@@@ meter-@@@@-&</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>""" + "\n";

    public static readonly IReadOnlyList<StatementSample> All =
    [
        new(new CsvFormat(), Payments.CsvSettings, Payments.CsvHeader, Payments.Csv, "", IsXml: false),
        new(
            Mt940Format.Statement, "{}", $":20:S\r\n:25:{Iban}\r\n:28C:00012/001\r\n:60F:C260313EUR0,\r\n",
            ":61:2603140314C1%%%%,50NTRFNONREF//R##############\r\n:86:166?00GUTSCHRIFT?20EREF+E##############?21SVWZ+acct-@@@@ meter-@@@@-&?30COBADEFFXXX"
            + "?31DE02100100100006820101?32JANE WANJIKU\r\n",
            ":62F:C260314EUR0,\r\n-\r\n", IsXml: false),
        new(
            new OfxFormat(), "{}", "OFXHEADER:100\nDATA:OFXSGML\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>121<ACCTID>000</BANKACCTFROM><BANKTRANLIST>\n",
            "<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>20260314093047.000[-5:EST]\n<TRNAMT>1%%%%.50\n<FITID>R##############\n<NAME>JANE WANJIKU\n<MEMO>acct-@@@@ meter-@@@@-&\n</STMTTRN>\n",
            "</BANKTRANLIST></STMTRS></OFX>\n", IsXml: false),
        new(
            CamtFormat.Statement, "{}",
            $"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S</Id><Acct><Id><IBAN>{Iban}</IBAN></Id></Acct>""" + "\n",
            CamtRow, "</Stmt></BkToCstmrStmt></Document>\n", IsXml: true),
        new(
            new XmlFormat(),
            """{"row":"Report/Payment","currency":"KES","paid_at_formats":["yyyy-MM-ddTHH:mm:ss"],"fields":{"psp_reference":"@id","amount":"Amount","paid_at":"Time","text":"Reference","payer_name":"Payer/Name","payer_phone":"Payer/Phone"}}""",
            "<Report>\n",
            """<Payment id="R##############"><Amount>1%%%%.50</Amount><Time>2026-03-14T09:30:47</Time><Reference>acct-@@@@ meter-@@@@-&</Reference><Payer><Name>JANE WANJIKU</Name><Phone>254700000001</Phone></Payer></Payment>""" + "\n",
            "</Report>\n", IsXml: true),
    ];

    /// <summary>Writes it.</summary>
    /// <returns>Its rows.</returns>
    public async Task<int> WriteAsync(string path, int megabytes, CancellationToken cancellation)
    {
        var rows = (int)((long)megabytes * 1_000_000 / Row.Length);
        await RowFile.WriteAsync(path, Head, Row, 0, rows, 1_000, cancellation);
        await File.AppendAllTextAsync(path, Tail, cancellation);
        return rows;
    }
}
