using MoMo.Domain.Files;
using MoMo.Edge.Formats.Camt;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Camt;

/// <summary>A report of the day: the same entries as a statement, some of them not booked yet.</summary>
[Collection(Alone.Name)]
public sealed class CamtReportSpec : StatementFormatSpec
{
    protected override IStatementFormat Format => CamtFormat.Report;

    protected override string Sample =>
        Report(CamtFile.Of(CamtFile.Entry("1.00", reference: "A", text: "4001"), CamtFile.Entry("2.00", reference: "B", status: "PDNG")));

    protected override string EndlessStart => Report(CamtFile.Head) + "<Ntry><AcctSvcrRef>";

    protected override bool CutIsRefused => true;

    protected override IEnumerable<string> Big(int payments)
    {
        yield return Report(CamtFile.Head);
        for (var number = 1; number <= payments; number++)
            yield return CamtFile.Entry("1.00", reference: $"ASR-{number}", text: $"4001#{number}");
        yield return Report(CamtFile.Tail);
    }

    private static string Report(string statement) => statement.Replace("camt.053", "camt.052", StringComparison.Ordinal)
        .Replace("BkToCstmrStmt", "BkToCstmrAcctRpt", StringComparison.Ordinal).Replace("Stmt>", "Rpt>", StringComparison.Ordinal);
}
