using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace MoMo.Bench.Hub;

/// <summary>The real silo, in a process of its own.</summary>
internal sealed partial class SiloProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan ReadyMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(40);

    private readonly Process process;
    private readonly Queue<string> said = [];

    private SiloProcess(Process process, IPEndPoint address) => (this.process, Address) = (process, address);

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>The administrator's key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>From the start of the process until it said that it is ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    [GeneratedRegex(@"^Vm(\w+):\s+(\d+) kB", RegexOptions.Multiline)]
    private static partial Regex Memory { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="folder">Its data folder.</param>
    /// <param name="database">On this database; null for one of its own in the folder.</param>
    /// <param name="cancellation">Ends the wait, and the silo.</param>
    public static async Task<SiloProcess> StartAsync(string folder, HubDatabase? database, CancellationToken cancellation)
    {
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = new ProcessStartInfo("dotnet", [Assembly(), "--data", folder, "--urls", $"http://{address}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (database is not null)
        {
            // As --database would, but passwords on a command line are everybody's to read.
            start.Environment["MoMo__Database__ConnectionString"] = database.AppConnectionString;
            start.Environment["MoMo__Database__OwnerConnectionString"] = database.OwnerConnectionString;
        }

        var began = TimeProvider.System.GetTimestamp();
        var silo = new SiloProcess(Process.Start(start)!, address);
        try
        {
            silo.Listen();
            await silo.WaitAsync(began, cancellation);
            silo.Key = (await File.ReadAllTextAsync(Path.Combine(folder, "admin.key"), cancellation)).Trim();
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Megabytes of memory in use now, and at most since the last <see cref="ForgetPeak"/>.</summary>
    public (double Now, double Peak) Megabytes()
    {
        var lines = Memory.Matches(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/status")))
            .ToDictionary(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) / 1024);
        return (lines["RSS"], lines["HWM"]);
    }

    /// <summary>Processor time it took since it was started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Lets the peak of memory begin anew from what is in use now.</summary>
    public void ForgetPeak() => File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/clear_refs"), "5");

    /// <summary>Stops it in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            _ = NativeMethods.kill(process.Id, Terminate);
            using var patience = new CancellationTokenSource(StopMax);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }

        process.Dispose();
    }

    private async Task WaitAsync(long began, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (true)
        {
            if (process.HasExited) throw new BenchException($"The silo ended with code {process.ExitCode} instead of becoming ready:\n{Said()}");
            if (TimeProvider.System.GetElapsedTime(began) > ReadyMax)
                throw new BenchException($"The silo at http://{Address}/health/ready was not ready within {ReadyMax}:\n{Said()}");
            try
            {
                using var answer = await http.GetAsync($"http://{Address}/health/ready", cancellation);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    ReadyAfter = TimeProvider.System.GetElapsedTime(began);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
        }
    }

    /// <summary>Keeps its last lines, for the case that it fails.</summary>
    private void Listen()
    {
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (said)
            {
                if (line.Data is not null) said.Enqueue(line.Data);
                if (said.Count > 20) said.Dequeue();
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private string Said()
    {
        lock (said) return string.Join('\n', said);
    }

    private static string Assembly()
    {
        // Built together with the benchmarks, so of the same configuration.
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var path = Path.Combine(Repository.Root, "silo", "MoMo.Silo", "bin", configuration, "net10.0", "MoMo.Silo.dll");
        return File.Exists(path) ? path : throw new BenchException($"'{path}' is missing: build the silo, or run ./momo bench, which does.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
