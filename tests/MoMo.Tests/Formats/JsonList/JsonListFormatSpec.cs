using MoMo.Domain.Files;
using MoMo.Edge.Formats.JsonList;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.JsonList;

[Collection(Alone.Name)]
public sealed class JsonListFormatSpec : StatementFormatSpec
{
    protected override IStatementFormat Format => new JsonListFormat();

    protected override string Settings => """
        {"items":"data.items","currency":"KES","only":{"status":"success"},
         "reversals":{"when":{"is_reversal":"true"},"original":"id"},
         "fields":{"psp_reference":"id","account_id":"for.account","paid_at":"at","text":"note","payer_name":"payer.name"}}
        """;

    protected override string Sample => """
        {"data":{"items":[
          {"id":"R1","amount":"1250.50","status":"SUCCESS","at":"2026-01-15T09:30:47Z","for":{"account":"acme"},"payer":{"name":"JANE ÜNÏ"}},
          {"id":2,"amount":10.00,"currency":"UGX","status":"success","note":"4001#INV-77"},
          {"id":"R3","amount":"7","status":"PENDING"},
          {"id":"R4","amount":"10.005","status":"SUCCESS"},
          {"id":"R1","amount":"-250.50","is_reversal":true,"note":"REFUND"},
          {"id":"R5","amount":"7","status":"SUCCESS","at":"yesterday"}
        ]},"paging":{"next":null}}
        """;

    protected override string EndlessStart => """{"data":{"items":[{"id":" """;

    protected override bool CutIsRefused => true;

    // A document is held as a whole; its limit is 64 MiB of text.
    protected override long LiveBytesMax => 256 << 20;

    protected override IEnumerable<string> Big(int payments)
    {
        yield return """{"data":{"items":[""";
        for (var number = 1; number <= payments; number++)
            yield return $$"""{{(number == 1 ? "" : ",")}}{"id":"R{{number}}","amount":"1.00","status":"SUCCESS"}""";
        yield return "]}}";
    }
}
