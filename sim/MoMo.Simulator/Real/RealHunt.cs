using System.Diagnostics;
using System.Globalization;

namespace MoMo.Simulator.Real;

/// <summary>Runs one seed after another on real processes, and tells of the first that breaks a law.</summary>
internal static class RealHunt
{
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(1);

    /// <summary>Hunts.</summary>
    /// <param name="seed">The first seed.</param>
    /// <param name="length">How long in all; the last run is ended.</param>
    /// <param name="assembly">The built <c>MoMo.Silo.dll</c>; null for that of this repository.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="commit">What was built.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <returns>Whether all laws held.</returns>
    public static async Task<bool> HuntAsync(
        int seed, TimeSpan length, string? assembly, Action<string> say, string commit, CancellationToken cancellation)
    {
        var silo = assembly ?? Find();
        var (began, total, one) = (Stopwatch.StartNew(), new RealCounts(), length < RunMax ? length : RunMax);
        for (var next = seed; next == seed || began.Elapsed < length; next++)
        {
            var report = await RealRun.OfAsync(next, one, silo, cancellation);
            cancellation.ThrowIfCancellationRequested();
            total = total.Plus(report.Counts);
            if (report.Violations.Count > 0)
            {
                Explain(report, say, commit);
                return false;
            }

            say(string.Create(CultureInfo.InvariantCulture, $"seed {next}, {began.Elapsed.TotalMinutes:0.0} minutes: all laws held; {report.Counts}"));
        }

        say(string.Create(CultureInfo.InvariantCulture, $"All laws held for {began.Elapsed.TotalMinutes:0.0} minutes: {total}."));
        return true;
    }

    private static void Explain(RealReport report, Action<string> say, string commit)
    {
        say(string.Create(CultureInfo.InvariantCulture, $"seed {report.Seed}: BROKEN; {report.Counts}\n"));
        foreach (var violation in report.Violations) say($"Broken: {violation.Oracle}\n  {violation.Text}\n  after {violation.At}\n");
        say("The faults, with their times:\n");
        foreach (var fault in report.Done) say($"  {fault}");
        var minutes = report.Length.TotalMinutes.ToString("0.###", CultureInfo.InvariantCulture);
        say($"""

            Logs of the silos and PostgreSQL: {report.Logs}
            Again (commit {commit}):
              ./momo simulate --real --seed {report.Seed} --minutes {minutes}
            The plan of faults is the same then, but real processes take their own time: it may need several tries.
            """);
    }

    private static string Find()
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "silo", "MoMo.Silo", "bin", configuration, "net10.0", "MoMo.Silo.dll");
            if (File.Exists(built)) return built;
        }

        throw new FileNotFoundException("MoMo.Silo.dll is not built: run ./momo simulate --real, which builds it.");
    }
}
