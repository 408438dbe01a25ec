using MoMo.Domain.Files;
using MoMo.Edge.Formats.Csv;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Csv;

[Collection(Alone.Name)]
public sealed class CsvFormatSpec : StatementFormatSpec
{
    protected override IStatementFormat Format => new CsvFormat();

    protected override string Settings => """
        {"currency":"KES","thousands_marks":[","],"paid_at_formats":["yyyy-MM-dd HH:mm:ss"],
         "columns":{"psp_reference":"Receipt","amount":"Amount","paid_at":"Time","text":"Details","payer_name":"Name"},
         "filters":[{"column":"Status","equals":"Completed","otherwise":"pending"}]}
        """;

    protected override string Sample => """
        Receipt,Time,Amount,Status,Name,Details
        R1,2026-01-15 09:30:47,"1,250.50",Completed,JANE DOE,4001#INV-77
        R2,2026-01-15 09:30:48,-10,Completed,ÜNÏ,"a ""quoted"", text
        over two lines"
        R3,2026-01-15 09:30:49,7,Pending,,
        R4,2026-13-15 09:30:49,7,Completed,,
        R5,2026-01-15 09:30:49,7,Completed,,4002

        """;

    protected override string EndlessStart => "Receipt,Time,Amount,Status,Name,Details\nR1,\"";

    protected override bool CutIsRefused => false;

    protected override IEnumerable<string> Big(int payments)
    {
        yield return "Receipt,Time,Amount,Status,Name,Details\n";
        for (var number = 1; number <= payments; number++)
            yield return $"R{number},2026-01-15 09:30:47,1.00,Completed,JANE DOE,4001#{number}\n";
    }
}
