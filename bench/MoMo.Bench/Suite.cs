using MoMo.Bench.Benchmarks;
using MoMo.Bench.Report;

namespace MoMo.Bench;

/// <summary>The benchmarks, and a run of them.</summary>
internal static class Suite
{
    public static readonly IReadOnlyList<IBenchmark> All =
    [
        new AcceptBenchmark(), new EngineBenchmark(), new BulkBenchmark(), new LatencyBenchmark(), new ImportBenchmark(),
        new FormatsBenchmark(), new FilledBenchmark(), new StartBenchmark(), new DeliveriesBenchmark(), new BacklogBenchmark(), new IsolationBenchmark(),
        new StreamBenchmark(), new IdleBenchmark(),
    ];

    /// <summary>Runs one command line.</summary>
    /// <returns>0 measured, 1 failed, 2 wrong command line, 130 interrupted.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        try
        {
            if (args is [Files.FileReading.Verb, var how, var path]) return await Files.FileReading.RunAsync(how, path, Console.Out, cancellation);
            var arguments = Arguments.Parse(args);
            if (!arguments.Help) return await MeasureAsync(arguments, cancellation);
            Help.Write(Console.Out);
            return 0;
        }
        catch (ArgumentException e)
        {
            await Console.Error.WriteLineAsync($"momo bench: {e.Message}\n            ./momo bench --help lists what there is.");
            return 2;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("momo bench: interrupted; nothing is left running.");
            return 130;
        }
        catch (BenchException e)
        {
            await Console.Error.WriteLineAsync($"momo bench: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> MeasureAsync(Arguments arguments, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux()) throw new BenchException("The benchmarks need Linux: its epoll and /proc.");
        await using var stage = await Stage.OpenAsync(arguments, cancellation);
        var asked = All.Where(benchmark => arguments.Names.Count == 0 || arguments.Names.Contains(benchmark.Name));
        try
        {
            foreach (var benchmark in asked)
            {
                stage.Screen.Title($"{benchmark.Name}: {benchmark.Summary}");
                await benchmark.RunAsync(stage, cancellation);
            }
        }
        finally
        {
            // What was measured before a failure is not lost.
            if (stage.Figures.Count > 0)
            {
                FigureTable.Write(Console.Out, stage.Machine, arguments.Scale, stage.Figures);
                stage.Screen.Say($"Written to {ResultFile.Write(stage.Machine, arguments.Scale, stage.Figures)}");
            }
        }

        return stage.Figures.Any(figure => figure.Lost > 0) ? 1 : 0;
    }
}
