using System.Globalization;
using MoMo.Bench.Hub;
using MoMo.Bench.Report;

namespace MoMo.Bench.Benchmarks;

/// <summary>What a hub costs that has nothing to do: with many accounts and their destinations, and with a few.</summary>
internal sealed class IdleBenchmark : IBenchmark
{
    private const int Few = 100;

    /// <summary>Until what happens once after a start, such as the analysis of new tables, is over.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    public string Name => "idle";

    public string Summary => "processor time of the silo and its database with many accounts and nothing due, against a few";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var many = stage.Scale.IdleAccounts;
        var (ours, memory) = await MeasureAsync(stage, many, cancellation);
        var (theirs, fewMemory) = await MeasureAsync(stage, Few, cancellation);
        stage.Figures.Add(new Figure(
            Name, $"{Screen.Count(many)} accounts / {Few} accounts", "ms of a core in a second", ours, theirs, 0, 0,
            string.Create(CultureInfo.InvariantCulture, $"nothing due; the silo holds {memory:0} MB and {fewMemory:0} MB")));
    }

    private static async Task<(List<double> Milliseconds, double Memory)> MeasureAsync(Stage stage, int accounts, CancellationToken cancellation)
    {
        var database = await stage.CreateDatabaseAsync(accounts, cancellation);
        // Not paused, as those of the other benchmarks: nothing is due all the same.
        await database.DoAsync("UPDATE destinations SET paused = false", cancellation);
        await database.DoAsync("VACUUM ANALYZE", cancellation);
        await database.SettleAsync(cancellation);
        await using var silo = await stage.StartSiloAsync(database, warm: false, cancellation);
        stage.Screen.Now($"{Screen.Count(accounts)} accounts, nothing due");
        if (!stage.Scale.IsQuick) await Task.Delay(Settling, cancellation);
        List<double> milliseconds = [];
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            var before = silo.ProcessorTime + ServerTime(stage);
            await Task.Delay(stage.Scale.Leg, cancellation);
            milliseconds.Add((silo.ProcessorTime + ServerTime(stage) - before).TotalMilliseconds / stage.Scale.LegSeconds);
        }

        return (milliseconds, silo.Megabytes().Now);
    }

    /// <summary>Processor time of the database server: its first process, those it started, and those of them that ended.</summary>
    private static TimeSpan ServerTime(Stage stage)
    {
        var total = TimeSpan.Zero;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(folder, "stat"));
            }
            catch (IOException)
            {
                continue; // it ended
            }

            // proc(5): pid (comm) state ppid …; utime, stime, cutime and cstime are fields 14 to 17, in hundredths of a second.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var (pid, parent) = (int.Parse(folder[6..], CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture));
            if (pid != stage.Cluster.ServerPid && parent != stage.Cluster.ServerPid) continue;
            var ended = pid == stage.Cluster.ServerPid ? Ticks(13) + Ticks(14) : 0;
            total += TimeSpan.FromMilliseconds(10 * (Ticks(11) + Ticks(12) + ended));

            long Ticks(int place) => long.Parse(fields[place], CultureInfo.InvariantCulture);
        }

        return total;
    }
}
