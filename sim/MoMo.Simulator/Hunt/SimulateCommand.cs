using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MoMo.Simulator.Real;
using MoMo.Simulator.World;

namespace MoMo.Simulator.Hunt;

/// <summary><c>momo simulate</c>: hunts for broken laws, or replays one seed.</summary>
internal static class SimulateCommand
{
    /// <summary>The exit code of a wrong command line.</summary>
    public const int Misused = 2;

    private const int Held = 0;
    private const int Broken = 4;

    public static RootCommand Make()
    {
        Option<int?> seed = new("--seed") { Description = "Run this seed only; without it, seeds from --from on." };
        Option<int> from = new("--from") { Description = "The first seed of a hunt.", DefaultValueFactory = _ => 1 };
        Option<int> steps = new("--steps") { Description = "What happens in one run: payments and faults.", DefaultValueFactory = _ => Plan.StepsDefault };
        Option<double> minutes = new("--minutes") { Description = "How long a hunt lasts.", DefaultValueFactory = _ => 1 };
        Option<int[]> only = new("--only") { Description = "With --seed: only these steps, as a shrunk history names them.", AllowMultipleArgumentsPerToken = true };
        Option<Defect> defect = new("--defect") { Description = "Plant a defect, to see it found.", Hidden = true };
        Option<bool> real = new("--real") { Description = "Kill real silos on a real PostgreSQL instead; takes --minutes and --seed (the first one)." };
        Option<string?> silo = new("--silo") { Description = "With --real: the built MoMo.Silo.dll.", Hidden = true };
        RootCommand command = new("Run the hub against a hostile world, and check that all its laws hold.\n\n"
            + "On a virtual clock and a model of the database, everything that happens is decided by the seed: a failing run prints it, the commit, and the "
            + "shortest history that still fails.\n\n"
            + "With --real two or three silo processes work on a private PostgreSQL through a net that cuts, delays, stalls and half-closes; silos are killed "
            + "and frozen, PostgreSQL is killed. The seed decides what is done when, in runs of a minute at most, but real processes take their own time: "
            + "a failing run prints the seed, the commit, the faults with their times and where the logs are, and may need several tries to fail again.")
        {
            seed, from, steps, minutes, only, defect, real, silo,
        };
        command.SetAction(async (given, cancellation) =>
        {
            await using var stopped = cancellation.Register(() => Say("Asked to stop before the end: nothing is said about the laws."));
            if (given.GetValue(real))
            {
                var length = TimeSpan.FromMinutes(Math.Clamp(given.GetValue(minutes), 0.1, 10_000));
                return await RealHunt.HuntAsync(given.GetValue(seed) ?? given.GetValue(from), length, given.GetValue(silo), Say, Commit(), cancellation) ? Held : Broken;
            }

            var count = Math.Clamp(given.GetValue(steps), 1, 10_000);
            var planted = given.GetValue(defect);
            if (given.GetValue(seed) is not { } one) return Hunt(given.GetValue(from), count, TimeSpan.FromMinutes(given.GetValue(minutes)), planted);
            var plan = Plan.Make(one, count);
            var wanted = given.GetValue(only) is { Length: > 0 } numbers ? numbers.ToHashSet() : null;
            var report = Run.Of(one, wanted is null ? plan : [.. plan.Where(step => wanted.Contains(step.Number))], planted);
            Print(report);
            if (report.Violation is null) return Held;
            Explain(wanted is null ? Shrinker.Shrink(report, planted) : report, count);
            return Broken;
        });
        return command;
    }

    private static int Hunt(int seed, int steps, TimeSpan length, Defect defect)
    {
        var began = Stopwatch.StartNew();
        var (runs, total, pieces, payments, arrivals) = (0, TimeSpan.Zero, 0L, 0L, 0L);
        var shown = TimeSpan.Zero;
        for (; began.Elapsed < length; seed++)
        {
            var report = Run.Of(seed, Plan.Make(seed, steps), defect);
            (runs, total, pieces) = (runs + 1, total + report.Virtual, pieces + report.Steps);
            (payments, arrivals) = (payments + report.Payments, arrivals + report.Arrivals);
            if (report.Violation is not null)
            {
                Print(report);
                Explain(Shrinker.Shrink(report, defect), steps);
                return Broken;
            }

            if (began.Elapsed - shown < TimeSpan.FromSeconds(10)) continue;
            shown = began.Elapsed;
            Say($"seed {seed}: {runs} runs, {runs / began.Elapsed.TotalMinutes:0} a minute; {began.Elapsed.TotalMinutes:0.0} of {length.TotalMinutes:0.0} minutes");
        }

        Say($"All laws held in {runs} runs: {runs / began.Elapsed.TotalMinutes:0} seeds and {total.TotalDays / began.Elapsed.TotalMinutes:0} virtual days a minute; "
            + $"{payments} payments, {arrivals} arrivals, {pieces} pieces of work between two awaits.");
        return Held;
    }

    private static void Print(RunReport report)
    {
        Say($"seed {report.Seed}: {(report.Violation is null ? "all laws held" : "BROKEN")}; {report.Plan.Count} steps, {report.Virtual.TotalHours:0.0} virtual hours, "
        + $"{report.Payments} payments, {report.Arrivals} arrivals, trace {report.Trace:x16}");
        if (report.Violation is { } violation) Say($"\nBroken: {violation.Oracle}\n  {violation.Text}\n  after {violation.At}\n\nLooking for the shortest history...");
    }

    private static void Explain(RunReport report, int steps)
    {
        var violation = report.Violation!;
        Say($"\nThe shortest history that was found ({report.Plan.Count} steps); in it:\n  {violation.Text}\n  after {violation.At}\n");
        foreach (var step in report.Plan) Say($"  {step}");
        Say($"\nReplay (commit {Commit()}):\n  ./momo simulate --seed {report.Seed} --steps {steps} --only {string.Join(' ', report.Plan.Select(step => step.Number).Order())}");
    }

    private static string Commit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--dirty"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            return git.StandardOutput.ReadToEnd().Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Say(string text) => Console.WriteLine(text);
}
