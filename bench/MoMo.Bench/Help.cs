namespace MoMo.Bench;

/// <summary>What <c>--help</c> says.</summary>
internal static class Help
{
    public static void Write(TextWriter output)
    {
        output.WriteLine(
            """
            Measure MoMo against PostgreSQL itself, on this machine.

            Usage:
              ./momo bench [NAME...] [--quick] [--rounds N] [--seconds N] [--folder DIR]

            Benchmarks (all of them when none is named):
            """);
        foreach (var benchmark in Suite.All) output.WriteLine($"  {benchmark.Name,-10} {benchmark.Summary}");
        output.WriteLine(
            """

            Options:
              --quick       a few seconds each: proves that everything works, the figures mean nothing
              --rounds N    measure both sides N times, one after the other; 3 by default
              --seconds N   how long each side is measured in a round; 10 by default
              --folder DIR  where the database is, and so which disk is measured; the temporary folder by default

            How to read the table:
              Each line is a ratio of two figures of this run, MoMo's over the other's: the median of the rounds, and
              the smallest and largest. For a rate more is better, for a time or memory less. Both sides use the same
              private PostgreSQL server, tuned as ./momo up tunes it, with fsync on. "dropped" counts what was asked and
              not done: refused, failed or unanswered requests, and payments that were acknowledged and not found.
              Rates of different machines can't be compared, ratios can, with care. Let the machine do nothing else:
              all of it takes about 20 minutes and 15 GB of disk.

            Examples:
              ./momo bench accept engine
              ./momo bench filled --folder /mnt/fast --rounds 5
              ./momo bench --quick

            The table goes to the output, progress to the error output, and all figures to bench/results/<date>.json.
            Exit codes: 0 measured, 1 failed or something acknowledged was lost, 2 wrong command line, 130 interrupted.
            """);
    }
}
