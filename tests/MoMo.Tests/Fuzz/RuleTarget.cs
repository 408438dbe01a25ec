using MoMo.Domain.Routing;

namespace MoMo.Tests.Fuzz;

/// <summary>An adapter's routing rules; those that are accepted decide about a few payments.</summary>
internal sealed class RuleTarget : IFuzzTarget
{
    private static readonly RoutingQuery[] Queries =
    [
        new(null, null, "acme#4711", "600000"), new("acme", "INV-77", null, null), new(null, null, new string('a', 900) + "!", "x"), new(null, " ", "#", ""),
    ];

    private readonly RuleReader reader = new(new NoAccounts());

    public string Name => "routing rules";

    public IReadOnlyList<byte[]> Samples { get; } =
    [
        """[{"rule":"account"},{"rule":"shortcode","accounts":{"600000":"acme","600001":"beta"}},{"rule":"lookup","deadline_ms":1500}]"""u8.ToArray(),
        """[{"rule":"pattern","pattern":"^INV-(?<reference>[0-9]+)$","account":"acme"},{"rule":"account#reference"}]"""u8.ToArray(),
        """[{"rule":"pattern","pattern":"(?<account>[a-z]{2,9})(-|#)(?<reference>(a|b)*\\d{1,20})"},{"rule":"reference"}]"""u8.ToArray(),
    ];

    // An automaton is built for each pattern; its size is bounded by the framework, not by the pattern's length.
    public long AllocatedMin => 64 << 20;

    public FuzzOutcome Run(byte[] input)
    {
        if (FuzzSamples.Json(input) is not { } configuration) return new FuzzOutcome("no json");
        var read = reader.Read(configuration);
        if (read.Accepted is not { } rules) return Kept.Refused(read.Refused!);
        var said = Queries.Select(query =>
        {
            var deciding = rules.DecideAsync(query, new NoAccounts(), CancellationToken.None).AsTask();
            Kept.Demand(deciding.IsCompleted, "a rule that waits for nobody");
            return string.Join(',', deciding.GetAwaiter().GetResult().Trace.Select(finding => finding.Verdict).Distinct());
        });
        return new FuzzOutcome($"accepted {Math.Min(3, rules.Rules.Count)} {string.Join(' ', said)}");
    }
}
