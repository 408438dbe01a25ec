using System.Globalization;

namespace MoMo.Simulator.Real;

/// <summary>One run on real processes: load under faults, then peace, in which everything must settle, then the audit.</summary>
internal static class RealRun
{
    private static readonly TimeSpan VerifyEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnsweredMax = TimeSpan.FromSeconds(90);

    /// <summary>Runs what a seed decides. The plan is the same every time, but when things happen is up to real processes.</summary>
    /// <param name="seed">Decides the plan.</param>
    /// <param name="length">How long load and faults last; settling comes on top. From 1 second to 10 minutes.</param>
    /// <param name="assembly">The built <c>MoMo.Silo.dll</c>.</param>
    /// <param name="cancellation">Kills all silos at once; what comes of the run says nothing then.</param>
    public static async Task<RealReport> OfAsync(int seed, TimeSpan length, string assembly, CancellationToken cancellation = default)
    {
        await using var world = await RealWorld.StartAsync(seed, assembly);
        await using var ending = cancellation.Register(() =>
        {
            foreach (var silo in world.Silos) silo.End();
        });
        var faults = new RealFaults(world);
        var payments = 0;
        try
        {
            payments = await LiveAsync(world, faults, RealPlan.Make(seed, length), length);
        }
        catch (Exception e)
        {
            world.Judge.Accuse("no fault of our own", e.ToString());
        }

        var (judge, halves) = (world.Judge, faults.CountOf(RealFaultKind.Mute));
        var counts = new RealCounts(
            payments, judge.Acknowledged, judge.Busy, world.UnansweredRequests, judge.Received, judge.Assigned.Count, faults.CountOf(RealFaultKind.Kill),
            faults.CountOf(RealFaultKind.Freeze), faults.CountOf(RealFaultKind.Cut), halves,
            faults.CountOf(RealFaultKind.Stall) + faults.CountOf(RealFaultKind.Delay),
            faults.CountOf(RealFaultKind.DatabaseKill) + faults.CountOf(RealFaultKind.DatabaseStop));
        return new RealReport(seed, length, judge.Violations, faults.Done, judge.Violations.Count > 0 ? Keep(world, faults) : null, counts);
    }

    private static async Task<int> LiveAsync(RealWorld world, RealFaults faults, IReadOnlyList<RealFault> plan, TimeSpan length)
    {
        var (judge, chance) = (world.Judge, RealPlan.ChanceOf(world.Seed, -4));
        // One silo is lost for ever in the end of every other seed: the others must do without. One destination stays paused in every third.
        var lost = chance.Next(2) == 0 ? world.Pick(chance) : null;
        var keptPaused = chance.Next(3) == 0 ? RealWorld.Told[chance.Next(RealWorld.Told.Length)] : null;
        using var trouble = CancellationTokenSource.CreateLinkedTokenSource(judge.Broken);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(judge.Broken);
        var person = new RealOperator(world, RealPlan.ChanceOf(world.Seed, -5));
        var paying = world.PayAsync(trouble.Token, abandon.Token);
        var watching = judge.WatchAsync(VerifyEvery, trouble.Token);
        var working = person.RunAsync(trouble.Token);
        var failing = faults.DoAsync(plan, trouble.Token);
        await Task.Delay(length, judge.Broken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // In the middle of the load, and not when all is quiet.
        if (lost is not null) await RealFaults.LoseAsync(lost);
        await trouble.CancelAsync();
        await failing;
        await faults.EndAsync(lost, judge.Broken);
        abandon.CancelAfter(AnsweredMax);
        await Task.WhenAll(paying, working, watching);
        if (judge.Broken.IsCancellationRequested) return 0;
        if (abandon.IsCancellationRequested) judge.Accuse("everything is answered", $"{AnsweredMax.TotalSeconds} s after the faults PSPs still have no answer.");
        else await new RealSettling(world, keptPaused).RunAsync();
        return await new RealAudit(world, keptPaused).RunAsync();
    }

    /// <summary>Keeps what the processes said.</summary>
    private static string Keep(RealWorld world, RealFaults faults)
    {
        var folder = Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"momo-simulate-{world.Seed}-")).FullName;
        foreach (var silo in world.Silos) File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"silo-{silo.Number}.log")), silo.Log);
        File.WriteAllLines(Path.Combine(folder, "faults.log"), faults.Done);
        File.WriteAllLines(Path.Combine(folder, "violations.log"), world.Judge.Violations.Select(one => $"{one.At} {one.Oracle}: {one.Text}"));
        foreach (var log in Directory.GetFiles(Path.Combine(world.DatabaseFolder, "log"))) File.Copy(log, Path.Combine(folder, $"postgres-{Path.GetFileName(log)}"));
        return folder;
    }
}
