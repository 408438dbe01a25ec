using MoMo.Simulator.Hunt;
using MoMo.Simulator.World;

namespace MoMo.Tests.Simulator;

/// <summary>All laws hold for seeds that are the same in every run; <c>./momo simulate</c> hunts through others for as long as it is let.</summary>
public sealed class FixedSeedTests
{
    private const int Seeds = 160;
    private const int Parts = 8;

    /// <summary>Parts of them, so that a failure is told soon.</summary>
    public static TheoryData<int> AllParts => [.. Enumerable.Range(0, Parts)];

    [Theory]
    [MemberData(nameof(AllParts))]
    public void All_laws_hold(int part)
    {
        for (var seed = 1 + part; seed <= Seeds; seed += Parts)
        {
            var report = Run.Of(seed, Plan.Make(seed, Plan.StepsDefault));
            Assert.True(report.Violation is null, $"seed {seed}: {report.Violation}. Replay: ./momo simulate --seed {seed}");
            Assert.True(report.Payments > 0 && report.Arrivals > 0, $"Nothing happened in seed {seed}.");
        }
    }
}
