namespace MoMo.Tests.Formats.Camt;

/// <summary>Makes small camt.053 files.</summary>
internal static class CamtFile
{
    public const string Account = "DE89370400440532013000";

    public const string Head = $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>STMT-1</Id><Acct><Id><IBAN>{Account}</IBAN></Id></Acct>
        """;

    public const string Tail = "</Stmt></BkToCstmrStmt></Document>";

    public static string Of(params ReadOnlySpan<string> entries) => Head + string.Concat(entries) + Tail;

    public static string Entry(string amount, string direction = "CRDT", string? reference = null, string? text = null, string more = "", string status = "BOOK") => $"""
        <Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{more}<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>2026-03-14</Dt></BookgDt>{Element("AcctSvcrRef", reference)}<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>JANE DOE</Nm></Pty></Dbtr></RltdPties><RmtInf>{Element("Ustrd", text)}</RmtInf></TxDtls></NtryDtls></Ntry>

        """;

    /// <summary>A batch of transactions, each an amount with what else its details hold.</summary>
    public static string Batch(string amount, string? reference, params ReadOnlySpan<(string Amount, string More)> parts)
    {
        var details = "";
        foreach (var (part, more) in parts)
            details += $"<TxDtls>{(part.Length == 0 ? "" : $"<Amt Ccy=\"EUR\">{part}</Amt>")}{more}</TxDtls>";
        return $"""<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>{Element("AcctSvcrRef", reference)}<NtryDtls>{details}</NtryDtls></Ntry>""";
    }

    private static string Element(string name, string? text) => text is null ? "" : $"<{name}>{text}</{name}>";
}
