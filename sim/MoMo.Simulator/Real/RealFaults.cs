using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ServerMode = MoMo.Simulator.World.ServerMode;

namespace MoMo.Simulator.Real;

/// <summary>Does to the world what a plan says, and notes what was done when.</summary>
internal sealed class RealFaults(RealWorld world)
{
    private static readonly TimeSpan DelayMax = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LostDelay = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly ConcurrentQueue<string> done = new();
    private readonly ConcurrentDictionary<RealFaultKind, int> counts = new();

    /// <summary>What was done, and when by the clock on the wall, which is not always when it was planned.</summary>
    public IReadOnlyCollection<string> Done => done;

    /// <summary>How often something was done.</summary>
    public int CountOf(RealFaultKind kind) => counts.GetValueOrDefault(kind);

    /// <summary>Does all of a plan; told to stop, it ends what has begun and begins nothing more.</summary>
    public Task DoAsync(IReadOnlyList<RealFault> plan, CancellationToken stopping) => Task.WhenAll(plan.Select(fault => DoAsync(fault, stopping)));

    /// <summary>
    /// Takes a silo away for good, as a machine that goes without a word: nothing comes from it or goes to it any more, and PostgreSQL is not told. Its net
    /// was slow before, so that it is likely to be in the middle of something.
    /// </summary>
    public static Task LoseAsync(RealSilo silo) => silo.TryAsync(async () =>
    {
        silo.Proxy.Delay = LostDelay;
        await Task.Delay(10 * LostDelay);
        silo.Proxy.Stall();
        await silo.FreezeAsync(frozen: true);
    });

    /// <summary>Ends what still fails: nets, servers, and silos that are frozen or away.</summary>
    /// <param name="lost">A silo that stays away if it is.</param>
    /// <param name="cancellation">Ends the wait for silos.</param>
    public async Task EndAsync(RealSilo? lost, CancellationToken cancellation)
    {
        foreach (var account in RealWorld.Told) world.Servers.Behave($"/{account}", ServerMode.Well);
        world.Servers.Behave(RealServers.LookupPath, ServerMode.Well);
        foreach (var silo in world.Silos)
        {
            if (silo == lost && silo.IsFrozen) continue;
            silo.Proxy.Calm();
            await silo.FreezeAsync(frozen: false);
            if (silo.Url is null) await silo.StartAsync(cancellation);
        }
    }

    private async Task DoAsync(RealFault fault, CancellationToken stopping)
    {
        await WaitAsync(fault.At - watch.Elapsed, stopping);
        if (stopping.IsCancellationRequested) return;
        var silo = world.Silos[fault.Whom % world.Silos.Count];
        var chance = RealPlan.ChanceOf(world.Seed, 1_000 + fault.Number);
        var began = watch.Elapsed;
        var isDone = fault.Kind switch
        {
            RealFaultKind.Kill => await silo.TryAsync(() => KillAsync(silo, fault.For, stopping)),
            RealFaultKind.Freeze => await silo.TryAsync(() => FreezeAsync(silo, fault.For, stopping)),
            RealFaultKind.Cut => silo.Proxy.Cut(Some(chance)) > 0,
            RealFaultKind.Delay => await DelayAsync(silo.Proxy, chance, fault.For, stopping),
            RealFaultKind.Mute => await MuteAsync(silo.Proxy, chance, fault.For, stopping),
            RealFaultKind.Stall => await StallAsync(silo.Proxy, fault.For, stopping),
            RealFaultKind.DatabaseKill => await SignalAsync("KILL"),
            RealFaultKind.DatabaseStop => await SignalAsync("INT"),
            RealFaultKind.Server => await BehaveAsync($"/{RealWorld.Told[fault.Whom % RealWorld.Told.Length]}", chance, fault.For, stopping),
            _ => await BehaveAsync(RealServers.LookupPath, chance, fault.For, stopping),
        };
        if (isDone) counts.AddOrUpdate(fault.Kind, 1, (_, before) => checked(before + 1));
        done.Enqueue(string.Create(
            CultureInfo.InvariantCulture, $"{fault}  {(isDone ? "from" : "skipped at")} {began:mm\\:ss\\.fff} to {watch.Elapsed:mm\\:ss\\.fff}"));
    }

    private static async Task KillAsync(RealSilo silo, TimeSpan away, CancellationToken stopping)
    {
        await silo.KillAsync();
        await WaitAsync(away, stopping);
        await silo.StartAsync(stopping);
    }

    private static async Task FreezeAsync(RealSilo silo, TimeSpan length, CancellationToken stopping)
    {
        await silo.FreezeAsync(frozen: true);
        await WaitAsync(length, stopping);
        await silo.FreezeAsync(frozen: false);
    }

    private static async Task<bool> DelayAsync(Proxy proxy, Random chance, TimeSpan length, CancellationToken stopping)
    {
        proxy.Delay = DelayMax * chance.NextDouble() * chance.NextDouble();
        await WaitAsync(length, stopping);
        proxy.Delay = TimeSpan.Zero;
        return true;
    }

    private static async Task<bool> MuteAsync(Proxy proxy, Random chance, TimeSpan length, CancellationToken stopping)
    {
        var way = chance.Next(2) == 0 ? Way.ToServer : Way.ToClient;
        var muted = proxy.Mute(way, Some(chance));
        await WaitAsync(length, stopping);
        var isOver = chance.Next(2) == 0;
        foreach (var link in muted)
        {
            if (isOver) link.Cut();
            else link.Stop(way, stopped: false);
        }

        return muted.Count > 0;
    }

    private static async Task<bool> StallAsync(Proxy proxy, TimeSpan length, CancellationToken stopping)
    {
        proxy.Stall();
        await WaitAsync(length, stopping);
        proxy.Calm();
        return true;
    }

    private async Task<bool> BehaveAsync(string path, Random chance, TimeSpan length, CancellationToken stopping)
    {
        world.Servers.Behave(path, (ServerMode)chance.Next(1, (int)ServerMode.Gone + 1));
        await WaitAsync(length, stopping);
        world.Servers.Behave(path, ServerMode.Well);
        return true;
    }

    /// <summary>Whoever looks after PostgreSQL starts it again at once.</summary>
    private async Task<bool> SignalAsync(string signal)
    {
        // Between its end and its next start the number is old, or none at all.
        if (world.DatabasePid is var pid && !IsPostgres(pid)) return false;
        await SiloProgram.SignalAsync(pid, signal);
        return true;
    }

    private static bool IsPostgres(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return pid > 1 && process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A third, two thirds or all of the connections.</summary>
    private static Func<bool> Some(Random chance)
    {
        var thirds = chance.Next(1, 4);
        return () => chance.Next(3) < thirds;
    }

    private static async Task WaitAsync(TimeSpan length, CancellationToken stopping)
    {
        if (length > TimeSpan.Zero) await Task.Delay(length, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
