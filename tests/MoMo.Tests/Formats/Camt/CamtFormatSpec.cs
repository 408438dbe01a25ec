using MoMo.Domain.Files;
using MoMo.Edge.Formats.Camt;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Camt;

[Collection(Alone.Name)]
public sealed class CamtFormatSpec : StatementFormatSpec
{
    protected override IStatementFormat Format => CamtFormat.Statement;

    protected override string Sample => CamtFile.Of(
        CamtFile.Entry("1250.00", reference: "ASR-1", text: "4001#INV-77"),
        CamtFile.Entry("10.00", "DBIT", reference: "ASR-2", text: "rent"),
        CamtFile.Entry("7.00", "DBIT", reference: "ASR-3", text: "back", more: "<RvslInd>true</RvslInd>"),
        CamtFile.Entry("3.00", text: "ünïcode €"));

    protected override string EndlessStart => CamtFile.Head + "<Ntry><AcctSvcrRef>";

    protected override bool CutIsRefused => true;

    protected override IEnumerable<string> Big(int payments)
    {
        yield return CamtFile.Head;
        for (var number = 1; number <= payments; number++)
            yield return CamtFile.Entry("1.00", reference: $"ASR-{number}", text: $"4001#{number}");
        yield return CamtFile.Tail;
    }
}
