using System.Text;
using System.Text.Json;
using MoMo.Domain.Files;

namespace MoMo.Tests.Fuzz;

/// <summary>The settings of one format of statement files: what an operator wrote, tried on a good file.</summary>
internal sealed class StatementSettingsTarget(string name, IStatementFormat format, IReadOnlyList<string> settings, byte[] file) : IFuzzTarget
{
    public string Name => name;

    public IReadOnlyList<byte[]> Samples { get; } = [.. settings.Select(Encoding.UTF8.GetBytes)];

    public long AllocatedMin => 8 << 20;

    public FuzzOutcome Run(byte[] input) =>
        FuzzSamples.Json(input) is { } json ? Kept.Entries(StatementTarget.Read(format, new StatementSource("psp", "adapter", json), file))
            : new FuzzOutcome("no json");
}
