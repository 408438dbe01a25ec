using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MoMo.Bench.Hub;
using MoMo.Bench.Load;
using Npgsql;

namespace MoMo.Bench.Rows;

/// <summary>PostgreSQL's own benchmark program, inserting and committing one row after another into the plain table.</summary>
internal sealed partial class Pgbench(Stage stage)
{
    /// <summary>The statement is parsed and planned once for each connection: the strongest opponent, and what one is measured against unless told otherwise.</summary>
    public const string Prepared = "prepared";

    /// <summary>As the program comes: the server parses and plans the statement for each row.</summary>
    public const string AsItComes = "simple";

    private const int Threads = 2;

    /// <summary>Its time begins before its clients are connected; the rate that it tells does not count that part.</summary>
    private const int ConnectedInSecond = 32;

    /// <summary>Numbers that one run of it may use: more than it ever can.</summary>
    private const long Numbers = 10_000_000_000;

    [GeneratedRegex(@"^tps = ([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex Rate { get; }

    [GeneratedRegex(@"^number of failed transactions: (\d+)", RegexOptions.Multiline)]
    private static partial Regex Failed { get; }

    /// <summary>Runs it as fast as it can, or at a steady rate.</summary>
    /// <param name="database">Holds the plain table.</param>
    /// <param name="clients">Connections.</param>
    /// <param name="perSecond">Transactions a second, each measured from when it was due; null for as many as it can.</param>
    /// <param name="mode">How it sends its statement: <see cref="Prepared"/> or <see cref="AsItComes"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<LoadResult> RunAsync(
        HubDatabase database, int clients, double? perSecond, string mode, CancellationToken cancellation)
    {
        var folder = stage.MakeFolder("pgbench");
        var script = Path.Combine(folder, "insert.sql");
        await File.WriteAllTextAsync(
            script,
            $"""
            \set n :n + 1
            \set k :base + :n * {clients} + :client_id
            \set a random(1000, {999 + stage.Scale.Accounts})
            {Payments.Insert}

            """,
            cancellation);
        List<string> arguments =
        [
            "-n", "-M", mode, "-c", Text(clients), "-j", Text(Math.Min(Threads, clients)), "-T", Text(stage.Scale.LegSeconds + clients / ConnectedInSecond), "-f", script,
            "-D", "n=0", "-D", $"base={Text(10_000_000_000_000 + stage.TakeNumbers(Numbers))}",
        ];
        if (perSecond is { } steady) arguments.AddRange(["-R", steady.ToString("0.##", CultureInfo.InvariantCulture), "-l", "--log-prefix", Path.Combine(folder, "log")]);
        var output = await RunAsync(database, arguments, folder, cancellation);
        var latency = new Histogram();
        if (perSecond is not null) ReadLogs(folder, latency);
        return new LoadResult
        {
            // No rate: not one transaction in the time, which a quick run on a busy machine may see.
            PerSecond = Rate.Match(output) is { Success: true } rate ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture) : 0,
            Latency = latency,
            Dropped = Failed.Match(output) is { Success: true } match ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0,
        };
    }

    private async Task<string> RunAsync(HubDatabase database, List<string> arguments, string folder, CancellationToken cancellation)
    {
        var beside = Path.Combine(stage.Cluster.BinFolder, "pgbench");
        var connection = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString);
        var start = new ProcessStartInfo(File.Exists(beside) ? beside : "pgbench", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            Environment =
            {
                ["PGHOST"] = connection.Host, ["PGPORT"] = Text(connection.Port), ["PGUSER"] = connection.Username,
                ["PGPASSWORD"] = connection.Password, ["PGDATABASE"] = connection.Database,
            },
        };
        using var process = Start(start);
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancellation);
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? output : throw new BenchException($"pgbench failed: {output}{await error}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new BenchException("pgbench is missing: install it, it comes with PostgreSQL's contrib package.", e);
        }
    }

    /// <summary>Its logs hold a transaction a line, the third field is microseconds; with a rate they count from when it was due.</summary>
    private static void ReadLogs(string folder, Histogram latency)
    {
        foreach (var log in Directory.GetFiles(folder, "log.*"))
        {
            foreach (var line in File.ReadLines(log))
                if (line.Split(' ') is [_, _, var time, ..] && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
                    latency.Add(microseconds);
            File.Delete(log);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
