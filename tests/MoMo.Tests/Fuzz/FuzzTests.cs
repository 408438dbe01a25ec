using System.Globalization;
using Xunit.Abstractions;

namespace MoMo.Tests.Fuzz;

/// <summary>
/// Foreign bytes never break a reader. The seeds are fixed; MOMO_FUZZ_MINUTES=15 runs that long in all, on seeds of its own, and MOMO_SEED
/// repeats one of those.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int SeedFixed = 20_261_120;
    private const long InputsMax = 15_000;

    // Wall time of a target with fixed seeds at most: on a slow machine fewer inputs, never a slow test.
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(1.2);

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Targets))]
    public void A_reader_survives_mutated_samples(string target)
    {
        var (seed, inputs, time) = (SeedFixed, InputsMax, TimeMax);
        if (double.TryParse(Environment.GetEnvironmentVariable("MOMO_FUZZ_MINUTES"), CultureInfo.InvariantCulture, out var minutes))
            (seed, inputs, time) = (Chaos.Seed.Next(), long.MaxValue, TimeSpan.FromMinutes(minutes / Targets.Count));
        Report(target, new Fuzzer(Find(target), seed).Run(inputs, time));
    }

    [Theory, MemberData(nameof(Targets))]
    public void A_reader_survives_the_corpus(string target)
    {
        var found = Find(target);
        Report(target, new Fuzzer(found, 0).Run(Corpus.For(found)));
    }

    [Fact]
    public void Every_format_of_statement_files_is_fuzzed() =>
        Assert.Empty(FuzzTargets.Formats.Except(FuzzTargets.Specs().Select(spec => spec.Specimen.Format.GetType())));

    [Fact]
    public void A_defect_is_found_and_its_input_is_shrunk()
    {
        var broken = new TextTarget("broken", ["one two three four five six seven"], text =>
            text.Contains('\0', StringComparison.Ordinal) ? throw new InvalidDataException("zero") : new FuzzOutcome("fine"));
        var found = Assert.Throws<FuzzException>(() => new Fuzzer(broken, SeedFixed).Run(10_000, TimeSpan.FromMinutes(1)));
        Assert.Contains("1 bytes in base64:\nAA==", found.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(found.InnerException);
    }

    [Fact]
    public void A_reader_that_hangs_fails()
    {
        using var never = new ManualResetEventSlim();
        var hanging = new TextTarget("hanging", ["a"], text =>
        {
            if (text.Length > 1) never.Wait(TimeSpan.FromMinutes(1));
            return new FuzzOutcome("fine");
        });
        var found = Assert.Throws<FuzzException>(() => new Fuzzer(hanging, SeedFixed, TimeSpan.FromSeconds(1)).Run(1_000, TimeSpan.FromMinutes(1)));
        never.Set();
        Assert.Contains("read for more than 1 s", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_allocates_without_measure_fails()
    {
        var greedy = new TextTarget("greedy", ["a"], text =>
        {
            if (text.Length > 3) GC.KeepAlive(new byte[2 << 20]);
            return new FuzzOutcome("fine");
        });
        var found = Assert.Throws<FuzzException>(() => new Fuzzer(greedy, SeedFixed).Run(1_000, TimeSpan.FromMinutes(1)));
        Assert.Contains("allocated", found.Message, StringComparison.Ordinal);
    }

    private static IFuzzTarget Find(string name) => FuzzTargets.All.Single(target => target.Name == name);

    private void Report(string target, FuzzReport report)
    {
        output.WriteLine($"{target}: {report}");
        if (Environment.GetEnvironmentVariable("MOMO_FUZZ_LOG") is { Length: > 0 } log) File.AppendAllText(log, $"{target}: {report}\n");
    }
}
