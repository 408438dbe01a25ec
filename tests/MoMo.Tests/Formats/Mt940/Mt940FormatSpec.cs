using MoMo.Domain.Files;
using MoMo.Edge.Formats.Mt940;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Mt940;

[Collection(Alone.Name)]
public sealed class Mt940FormatSpec : StatementFormatSpec
{
    private const string Head = ":20:S1\r\n:25:DE89370400440532013000\r\n:28C:00012/001\r\n:60F:C260313EUR0,\r\n";

    protected override IStatementFormat Format => Mt940Format.Statement;

    protected override string Sample => $"""
        {Head.ReplaceLineEndings("\n")}:61:2603140314C1250,00NTRFINV-77//BANK0001
        :86:166?00GUTSCHRIFT?20EREF+E2E-0001?21SVWZ+4001#INV-77?31DE02100100100006820101?32JANE DOE
        :61:2603140314D15,00NCHGNONREF//BANK0003
        :86:/REMI/fees/ORDP/ÜNÏ
        :61:2603140314RC5,00NTRFNONREF//BANK0004
        :86:166?20SVWZ+back
        :61:2603140314CR0,01NTRFNONREF
        free text €
        :62F:C260314EUR1230,01
        -
        """;

    protected override string EndlessStart => Head + ":61:2603140314C1250,00NTRFNONREF\r\n:86:";

    // The end of a statement may be the end of a file.
    protected override bool CutIsRefused => false;

    protected override IEnumerable<string> Big(int payments)
    {
        yield return Head;
        for (var number = 1; number <= payments; number++)
            yield return $":61:2603140314C1,00NTRFNONREF//BANK{number}\r\n:86:166?20SVWZ+4001#{number}?32JANE DOE\r\n";
        yield return $":62F:C260314EUR{payments},\r\n-\r\n";
    }
}
