using System.Text;
using MoMo.Edge.Formats.JsonList;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.JsonList;

public sealed class JsonListFormatTests
{
    [Fact]
    public async Task A_prefix_stands_before_each_id_that_the_list_gives() => Assert.Equal(
        """
        1 payment KES 10.00 shop-2/1001
        2 Reversal KES 4.00 shop-2/9 of shop-2/1001
        3 Pending  shop-2/1002
        """.ReplaceLineEndings("\n"),
        StatementEntries.Summary(await StatementEntries.ReadAsync(
            new JsonListFormat(),
            Encoding.UTF8.GetBytes(
                """
                [{"psp_reference":"1001","amount":"10","status":"ok"},
                 {"psp_reference":"9","amount":"4","status":"back","of":"1001"},
                 {"psp_reference":"1002","amount":"10","status":"new"}]
                """),
            """{"currency":"KES","psp_reference_prefix":"shop-2/","only":{"status":"ok"},"reversals":{"when":{"status":"back"},"original":"of"}}""")));
}
