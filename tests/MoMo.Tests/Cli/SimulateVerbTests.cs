using System.Globalization;
using System.Text.Json;
using MoMo.Cli;
using MoMo.Cli.Simulation;
using MoMo.Tests.Support;

namespace MoMo.Tests.Cli;

/// <summary>The simulated PSPs against a real silo: whatever they do, each payment that was sent is there once, and nothing else.</summary>
public sealed class SimulateVerbTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Theory]
    [InlineData("mpesa", 7)]
    [InlineData("json", 8)]
    public async Task Whatever_a_psp_does_each_payment_counts_once(string family, int seed)
    {
        var args = $"psp|simulate|{family}|--account|acme|--reference|4711|--seed|{seed}|--count|200|--rate|1000"
            + "|--late|10%|--twice|5|--changed|4%|--lost|10%|--shuffled|--wrong-signature|5%|--json";
        var (first, second) = (await RunAsync(args), await RunAsync(args));

        Assert.Equal((ExitCode.Done, ""), (first.ExitCode, first.Error.Replace($"Adapter sim-{family}, seed {seed}.\n", "", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Done, second.ExitCode);
        var sent = first.Out.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var kinds = sent.CountBy(one => one.GetProperty("sent").GetString()!).ToDictionary();
        Assert.Equal(["changed", "late", "lost", "plain", "twice", "wrong signature"], kinds.Keys.Order(StringComparer.Ordinal));
        var paid = sent.Where(one => one.GetProperty("sent").GetString() is "plain" or "late").ToList();
        Assert.Equal(200, paid.Count + kinds["lost"]);
        Assert.Equal(paid.Count, await fixture.CountAsync($"payments WHERE psp_id = 'sim-{family}' AND account_id = 'acme' AND reference_id = '4711'"));
        Assert.Equal(paid.Count, await fixture.CountAsync($"payments WHERE psp_id = 'sim-{family}'"));
        var minor = paid.Sum(one => (long)(decimal.Parse(one.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture) * 100));
        Assert.Equal(minor, await Sql.AskAsync<long>(fixture.ConnectionString, $"SELECT sum(amount_minor)::bigint FROM payments WHERE psp_id = 'sim-{family}'"));
    }

    [Fact]
    public void The_same_seed_makes_the_same_plan_and_another_one_another()
    {
        var bad = new Misbehaviour { Late = 20, Twice = 20, Changed = 20, Lost = 20, WrongSignature = 20, Shuffled = true };
        Assert.Equal(SimulationPlan.Make(1, 500, 10, "a", ["r"], bad), SimulationPlan.Make(1, 500, 10, "a", ["r"], bad));
        Assert.NotEqual(SimulationPlan.Make(1, 500, 10, "a", ["r"], bad), SimulationPlan.Make(2, 500, 10, "a", ["r"], bad));
    }

    private Task<CliRun> RunAsync(string args) => CliRun.Of($"{args}|--url|{fixture.Hub.Url}|--key|{fixture.Silo.Key}");
}
