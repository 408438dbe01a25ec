using Xunit.Abstractions;

namespace MoMo.Tests.Simulator;

/// <summary>Real silos on a real PostgreSQL, behind a net that fails, killed and frozen: a fixed seed for a short while.</summary>
public sealed class RealTests(ITestOutputHelper output)
{
    private const int Seed = 3;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task All_laws_hold_on_real_processes()
    {
        var report = await RealRun.OfAsync(Seed, Length, Path.Combine(AppContext.BaseDirectory, "MoMo.Silo.dll"));
        output.WriteLine($"{report.Counts}\n{string.Join('\n', report.Done)}");
        Assert.True(
            report.Violations.Count == 0,
            $"{string.Join('\n', report.Violations)}\nLogs: {report.Logs}. Again: ./momo simulate --real --seed {Seed} --minutes {Length.TotalMinutes:0.##}");
        Assert.True(report.Counts is { Payments: > 0, Webhooks: > 0, Kills: > 0, Cuts: > 0, DatabaseStops: > 0 }, $"Too little happened: {report.Counts}");
    }

    [Fact]
    public void A_seed_plans_the_same_every_time_and_another_something_else()
    {
        Assert.Equal(RealPlan.Make(1, Length), RealPlan.Make(1, Length));
        Assert.NotEqual(RealPlan.Make(1, Length), RealPlan.Make(2, Length));
        Assert.All(RealPlan.Make(1, Length), fault => Assert.InRange(fault.At, TimeSpan.Zero, Length));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public Task No_group_of_processes_gets_a_signal(int pid) =>
        Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SiloProgram.SignalAsync(pid, "CONT"));

    [Fact]
    public void A_claim_that_was_told_two_things_is_noticed()
    {
        var (one, other) = (Guid.Parse("01a1fc77-aa8c-7000-b153-05011479c713"), Guid.Parse("01a1fc77-ab8c-7000-9db1-fc2d237e5f46"));
        var claim = new Claim("psp", "R1", "a0", null, "a0", MayBeSuspended: false, 7);
        Assert.Null(claim.Acknowledge(one, "7.25", null, made: true));
        Assert.Null(claim.Acknowledge(one, "7.25", 3, made: false)); // given to an account meanwhile
        Assert.Null(claim.Refuse("7.75"));
        Assert.NotNull(claim.Acknowledge(one, "7.25", 4, made: false));
        Assert.NotNull(claim.Acknowledge(other, "7.25", 3, made: false));
        Assert.NotNull(claim.Acknowledge(one, "7.75", 3, made: false));
        Assert.NotNull(claim.Acknowledge(one, "7.25", 3, made: true));
        Assert.NotNull(claim.Refuse("7.25"));
    }
}
