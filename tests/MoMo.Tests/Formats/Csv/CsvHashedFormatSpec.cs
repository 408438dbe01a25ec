using MoMo.Domain.Files;
using MoMo.Edge.Formats.Csv;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Csv;

/// <summary>A source without ids, whose rows have to be told apart.</summary>
[Collection(Alone.Name)]
public sealed class CsvHashedFormatSpec : StatementFormatSpec
{
    protected override IStatementFormat Format => new CsvFormat();

    protected override string Settings => """
        {"has_header":false,"delimiter":";","decimal_mark":",","thousands_marks":["."],"paid_at_formats":["dd.MM.yyyy"],
         "columns":{"psp_reference_hash":[1,2,3],"amount":2,"currency":3,"paid_at":1,"text":4}}
        """;

    protected override string Sample => """
        10.10.2017;1.234,56;EUR;a
        10.10.2017;1.234,56;eur;b
        10.10.2017;-98,76;EUR;c
        """;

    protected override string EndlessStart => "10.10.2017;1,00;EUR;";

    protected override bool CutIsRefused => false;

    protected override IEnumerable<string> Big(int payments) =>
        Enumerable.Range(1, payments).Select(number => $"10.10.2017;{number},00;EUR;text\r\n");
}
