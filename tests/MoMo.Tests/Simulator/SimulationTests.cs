using MoMo.Simulator.Hunt;
using MoMo.Simulator.World;

namespace MoMo.Tests.Simulator;

/// <summary>What is planted is found; a seed replays exactly and shrinks.</summary>
public sealed class SimulationTests
{
    /// <summary>Every planted defect.</summary>
    public static TheoryData<string> Defects => [.. Enum.GetNames<Defect>().Where(name => name != nameof(Defect.None))];

    [Theory]
    [MemberData(nameof(Defects))]
    public void A_planted_defect_is_found_within_a_hundred_seeds(string name)
    {
        var defect = Enum.Parse<Defect>(name);
        var found = Enumerable.Range(1, 100).Select(seed => Run.Of(seed, Plan.Make(seed, Plan.StepsDefault), defect)).FirstOrDefault(run => run.Violation is not null);
        Assert.True(found is not null, $"{defect} was not found.");
        Assert.DoesNotContain("fault of our own", found.Violation!.Oracle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Defect.ReplayBeginsAnew), "a replay sends each once")]
    [InlineData(nameof(Defect.ReplayTooWide), "a replay sends nothing else")]
    [InlineData(nameof(Defect.ReplayForgotten), "everything settles")]
    [InlineData(nameof(Defect.ReplayOvertakes), "law 4, order holds after a replay")]
    public void What_is_wrong_with_a_replay_is_said(string name, string oracle)
    {
        var defect = Enum.Parse<Defect>(name);
        var found = Enumerable.Range(1, 100).Select(seed => Run.Of(seed, Plan.Make(seed, Plan.StepsDefault), defect).Violation).First(violation => violation is not null);
        Assert.Equal(oracle, found!.Oracle);
    }

    [Fact]
    public void A_seed_does_the_same_every_time()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var (one, other) = (Run.Of(seed, Plan.Make(seed, Plan.StepsDefault)), Run.Of(seed, Plan.Make(seed, Plan.StepsDefault)));
            Assert.Equal((one.Trace, one.Steps, one.Virtual, one.Payments, one.Arrivals), (other.Trace, other.Steps, other.Virtual, other.Payments, other.Arrivals));
        }
    }

    [Fact]
    public void Another_seed_does_something_else() =>
        Assert.Equal(20, Enumerable.Range(1, 20).Select(seed => Run.Of(seed, Plan.Make(seed, 20)).Trace).Distinct().Count());

    [Fact]
    public void A_failing_history_is_made_short_and_still_fails_in_the_same_way()
    {
        var failed = Enumerable.Range(1, 100).Select(seed => Run.Of(seed, Plan.Make(seed, Plan.StepsDefault), Defect.StaleActors)).First(run => run.Violation is not null);
        var shrunk = Shrinker.Shrink(failed, Defect.StaleActors);
        Assert.True(shrunk.Plan.Count <= 10, $"{shrunk.Plan.Count} of {failed.Plan.Count} steps are left.");
        Assert.Equal(failed.Violation!.Oracle, shrunk.Violation!.Oracle);
        Assert.Equal(shrunk.Violation, Run.Of(shrunk.Seed, shrunk.Plan, Defect.StaleActors).Violation);
    }
}
