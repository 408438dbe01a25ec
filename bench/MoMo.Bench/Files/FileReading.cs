using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using MoMo.Domain.Files;

namespace MoMo.Bench.Files;

/// <summary>One reading of a file in a process of its own, so that its memory is told apart from all else.</summary>
/// <param name="Found">Payments, lines or nodes.</param>
/// <param name="Seconds">From opening the file to its end.</param>
/// <param name="PeakMegabytes">The process's largest resident memory (VmHWM), the runtime's own included.</param>
internal sealed partial record FileReading(long Found, double Seconds, double PeakMegabytes)
{
    /// <summary>The first word of such a process's command line.</summary>
    public const string Verb = "read-file";

    /// <summary>Starts the process and hears what it found.</summary>
    /// <param name="path">The file.</param>
    /// <param name="how">A format's name, <c>lines</c> or <c>nodes</c>.</param>
    /// <param name="cancellation">Ends the process.</param>
    public static async Task<FileReading> StartAsync(string path, string how, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(FileReading).Assembly.Location, Verb, how, path]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            var said = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 && JsonSerializer.Deserialize<FileReading>(said) is { } reading
                ? reading : throw new BenchException($"Reading '{path}' as {how} failed: {said}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>What the process does.</summary>
    public static async Task<int> RunAsync(string how, string path, TextWriter output, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var began = TimeProvider.System.GetTimestamp();
        var found = how switch
        {
            "lines" => await LinesAsync(file, cancellation),
            "nodes" => await NodesAsync(file),
            _ => await PaymentsAsync(file, how, cancellation),
        };
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var peak = double.Parse(Peak().Match(await File.ReadAllTextAsync("/proc/self/status", cancellation)).Groups[1].Value, CultureInfo.InvariantCulture) / 1024;
        await output.WriteLineAsync(JsonSerializer.Serialize(new FileReading(found, seconds, peak)));
        return 0;
    }

    private static async Task<long> PaymentsAsync(Stream file, string format, CancellationToken cancellation)
    {
        var sample = StatementSample.All.Single(sample => sample.Format.Name == format);
        using var settings = JsonDocument.Parse(sample.Settings);
        var source = new StatementSource("bench", "bench-file", settings.RootElement);
        var payments = 0L;
        await foreach (var entry in sample.Format.ReadAsync(file, source, cancellation))
        {
            if (entry is PaymentEntry) payments++;
            else if (entry is FaultEntry or FileRefused) throw new BenchException($"The file is not read as meant: {entry}");
        }

        return payments;
    }

    private static async Task<long> LinesAsync(Stream file, CancellationToken cancellation)
    {
        using var text = new StreamReader(file);
        var lines = 0L;
        while (await text.ReadLineAsync(cancellation) is not null) lines++;
        return lines;
    }

    private static async Task<long> NodesAsync(Stream file)
    {
        using var xml = XmlReader.Create(file, new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit });
        var nodes = 0L;
        while (await xml.ReadAsync()) nodes++;
        return nodes;
    }

    [GeneratedRegex(@"^VmHWM:\s+(\d+) kB", RegexOptions.Multiline)]
    private static partial Regex Peak();
}
