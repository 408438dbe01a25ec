using System.Text.Json;
using MoMo.Domain.Files;

namespace MoMo.Tests.Fuzz;

/// <summary>Statement files of one format.</summary>
internal sealed class StatementTarget(string name, IStatementFormat format, string settings, IReadOnlyList<byte[]> samples) : IFuzzTarget
{
    private readonly StatementSource source = new("psp", "adapter", JsonElement.Parse(settings));

    public string Name => name;

    public IReadOnlyList<byte[]> Samples => samples;

    // Buffers of readers, a megabyte for a row that never ends included.
    public long AllocatedMin => 8 << 20;

    public long AllocatedPerByteMax => 1_000;

    public FuzzOutcome Run(byte[] input) => Kept.Entries(Read(format, source, input));

    /// <summary>All that a file says. A file in memory never makes its reader wait, so this stays on its thread.</summary>
    public static List<Entry> Read(IStatementFormat format, StatementSource source, byte[] file)
    {
        var reading = ReadAsync(format, source, file);
        Kept.Demand(reading.IsCompleted, "a reader that waits for something else than its file");
        return reading.GetAwaiter().GetResult();
    }

    private static async Task<List<Entry>> ReadAsync(IStatementFormat format, StatementSource source, byte[] file)
    {
        List<Entry> entries = [];
        using var stream = new MemoryStream(file, writable: false);
        await foreach (var entry in format.ReadAsync(stream, source, CancellationToken.None)) entries.Add(entry);
        return entries;
    }
}
