using System.Diagnostics;
using System.Globalization;

namespace MoMo.Simulator.Real;

/// <summary>
/// What must come about by itself after the faults: every account can be paid through every silo that is there, and every delivery arrives. Only
/// what was tried and has a long wait ahead is sent again by an operator, as the schedule waits for hours.
/// </summary>
internal sealed class RealSettling(RealWorld world, string? keptPaused)
{
    /// <summary>Within this all is settled.</summary>
    public static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(90);

    /// <summary>Within this a payment is taken when nothing is in its way, whatever became of another silo.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    private const int RetriesAtOnce = 16;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryAgain = TimeSpan.FromSeconds(5);

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly RealOperator person = new(world, RealPlan.ChanceOf(world.Seed, -3));
    private readonly Dictionary<Guid, TimeSpan> retried = [];

    private IReadOnlyList<RealSilo> There => [.. world.Silos.Where(silo => silo is { IsFrozen: false, Url: not null })];

    /// <summary>Ends when all has settled; accuses when it does not.</summary>
    public async Task RunAsync()
    {
        await Task.WhenAll(There.SelectMany(_ => RealWorld.Accounts, (silo, account) => ProbeAsync(silo, account)));
        var state = "";
        while (watch.Elapsed < SettleMax && !world.Judge.Broken.IsCancellationRequested)
        {
            if (await UnpausedAsync() && (state = await WaitingAsync()).Length == 0) return;
            await Task.Delay(Look);
        }

        if (state.Length > 0) world.Judge.Accuse("everything settles", $"{SettleMax.TotalSeconds} s after the faults {state}.");
    }

    /// <summary>A new payment, which must be taken.</summary>
    private async Task ProbeAsync(RealSilo silo, string account)
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"P{silo.Number}-{account}");
        var claim = new Claim("psp0", reference, account, null, account, false, 1);
        world.Judge.Reported(claim);
        var body = new { claim.Psp, PspReference = reference, AccountId = account, Amount = claim.Amount(false), Currency = "KES" };
        for (var began = watch.Elapsed; watch.Elapsed - began < AnswerMax;)
        {
            if (await world.Hub.AskAsync(silo.Url!, HttpMethod.Post, "/v1/payments", body, AnswerMax) is { } answer && world.Judge.Answered(claim, claim.Amount(false), answer)) return;
            await Task.Delay(Look);
        }

        world.Judge.Accuse("one silo's trouble is not another's", $"Silo {silo.Number} did not take a payment for {account} within {AnswerMax.TotalSeconds} s after the faults.");
    }

    /// <summary>Lets all destinations go on but one.</summary>
    private async Task<bool> UnpausedAsync()
    {
        if (await world.Judge.ListAsync("SELECT account_id FROM destinations WHERE paused", rows => rows.GetString(0)) is not { } paused) return false;
        foreach (var account in paused.Where(account => account != keptPaused)) await person.PauseAsync(There[0].Url!, account, paused: false);
        if (keptPaused is not null && !paused.Contains(keptPaused)) await person.PauseAsync(There[0].Url!, keptPaused, paused: true);
        return paused.All(account => account == keptPaused);
    }

    /// <summary>What is still to be delivered, in words; empty when nothing is.</summary>
    private async Task<string> WaitingAsync()
    {
        var waiting = await world.Judge.ListAsync(
            """
            SELECT d.id, d.state = 'dead' OR (d.waits AND d.due_at > now() + interval '2 seconds') OR coalesce(g.leased_until = s.rest_until, false),
                d.state || ', tried ' || d.attempts || ' times, due ' || d.due_at || ', agenda due ' || g.due_at || ', leased until ' || g.leased_until
            FROM deliveries d JOIN destinations t ON t.lane = d.lane AND NOT t.paused JOIN agenda g ON g.kind = 'lane' AND g.key = d.lane::text
                LEFT JOIN lane_states s ON s.lane = d.lane
            WHERE d.state <> 'delivered' ORDER BY d.id
            """,
            rows => (Id: rows.GetGuid(0), Later: rows.GetBoolean(1), State: rows.GetString(2)));
        if (waiting is null) return "PostgreSQL does not answer";
        var again = waiting.Where(one => one.Later && (!retried.TryGetValue(one.Id, out var last) || watch.Elapsed - last > RetryAgain)).Select(one => one.Id).ToArray();
        foreach (var id in again) retried[id] = watch.Elapsed;
        await Parallel.ForEachAsync(
            again, new ParallelOptions { MaxDegreeOfParallelism = RetriesAtOnce }, async (id, _) => await person.RetryAsync(There[0].Url!, id));
        return waiting.Count == 0 ? "" : $"{waiting.Count} deliveries wait, the first, {waiting[0].Id}, is {waiting[0].State}";
    }
}
