using MoMo.Edge.Formats.Camt;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Camt;

/// <summary>The samples that are part of the project.</summary>
public sealed class CamtOwnFilesTests
{
    private const string Account = "DE89370400440532013000";

    public static IEnumerable<object[]> Files =>
    [
        ["datetime_zones.xml", $"1 payment EUR 1.00 {Account}/ASR-0201 4001#A\n2 payment EUR 2.00 {Account}/ASR-0202 4001#B"],
        ["reject_batch_sum_mismatch.xml", "1 fault batch-sum-mismatch"],
        ["reject_truncated.xml", "1 refused xml-malformed"],
        ["reject_xxe.xml", "1 refused xml-malformed"],
        ["reversal_entry.xml", $"1 Reversal EUR 1250.00 {Account}/ASR-0101 of E2E-0001\n2 Return EUR 20.00 {Account}/ASR-0102"],
        ["utf16_bom.xml", $"1 payment EUR 1250.00 {Account}/ASR-0302 4001#INV-77"],
    ];

    [Theory, MemberData(nameof(Files))]
    public async Task A_sample_reads_as_it_was_built(string file, string expected)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "camt.053", file));
        Assert.Equal(expected, StatementEntries.Summary(await StatementEntries.ReadAsync(CamtFormat.Statement, bytes)));
    }
}
