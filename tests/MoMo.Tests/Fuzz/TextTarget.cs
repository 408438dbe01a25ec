using System.Text;

namespace MoMo.Tests.Fuzz;

/// <summary>A reader of one short text: a header, a key, a URL.</summary>
internal sealed class TextTarget(string name, IReadOnlyList<string> samples, Func<string, FuzzOutcome> read) : IFuzzTarget
{
    public string Name => name;

    public IReadOnlyList<byte[]> Samples { get; } = [.. samples.Select(Encoding.UTF8.GetBytes)];

    public FuzzOutcome Run(byte[] input) => read(Encoding.UTF8.GetString(input));
}
