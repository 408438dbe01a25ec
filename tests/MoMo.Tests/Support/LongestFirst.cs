using MoMo.Tests.Chaos;
using MoMo.Tests.Deliveries;
using MoMo.Tests.Fuzz;
using MoMo.Tests.Simulator;
using MoMo.Tests.Support;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("MoMo.Tests.Support." + nameof(LongestFirst), "MoMo.Tests")]

namespace MoMo.Tests.Support;

/// <summary>
/// The order in which test classes begin: what takes minutes goes first, so that at the end nothing runs for long with a processor idle beside it.
/// The others follow in an order that is theirs whatever the machine.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // Classes without a collection of their own are known by their names.
    private static readonly string[] Long =
    [
        nameof(Chaos), nameof(KillTests), nameof(SimulationTests), nameof(FixedSeedTests), nameof(OutageTests), nameof(FuzzTests), nameof(UnwrittenTests),
    ];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(Place).ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);

    private static int Place(ITestCollection collection)
    {
        var place = Array.IndexOf(Long, collection.DisplayName.Split('.', ' ')[^1]);
        return place < 0 ? Long.Length : place;
    }
}
