using MoMo.Storage.Management;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using MoMo.Silo.Hosting;
using Xunit.Abstractions;

namespace MoMo.Tests.Support;

/// <summary>
/// The real silo as a process of its own: something to kill. Listens on a free port of loopback, works on a given database or on a private one in
/// its data folder. May be started, killed and started again; what it said is shown with a test that fails.
/// </summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly StringBuilder log = new();
    private readonly ITestOutputHelper output;
    private readonly string data;
    private readonly Dictionary<string, string> settings;
    private Process? process;

    /// <param name="output">Where the log goes in the end.</param>
    /// <param name="data">Its data folder. Silos of one hub share one, as their keys are in it.</param>
    /// <param name="database">Null for a private cluster in the data folder.</param>
    /// <param name="settings">Further settings by their full name, such as <c>MoMo:Journal:QueueMax</c>.</param>
    public SiloProcess(ITestOutputHelper output, string data, TestDatabase? database, params (string Name, string Value)[] settings)
    {
        (this.output, this.data) = (output, data);
        this.settings = settings.ToDictionary(one => one.Name, one => one.Value);
        this.settings["MoMo:Data"] = data;
        this.settings["urls"] = "http://127.0.0.1:0";
        this.settings.TryAdd("MoMo:Webhooks:AllowedNetworks:0", "127.0.0.0/8");
        this.settings.TryAdd("MoMo:Webhooks:RequireHttps", "false");
        if (database is null) return;
        this.settings["MoMo:Database:ConnectionString"] = database.AppConnectionString;
        this.settings["MoMo:Database:OwnerConnectionString"] = database.OwnerConnectionString;
        this.settings.TryAdd("MoMo:ConnectionsMax", "16");
    }

    /// <summary>Talks to it as the administrator, since its last start.</summary>
    public HubClient Hub { get; private set; } = null!;

    /// <summary>The administrator's key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Its process id.</summary>
    public int Pid => process!.Id;

    /// <summary>What it said so far.</summary>
    public string Log
    {
        get { lock (gate) return log.ToString(); }
    }

    /// <summary>Starts it, and ends when it takes requests.</summary>
    public async Task StartAsync()
    {
        var ready = Begin();
        var (exited, late) = (process!.WaitForExitAsync(), Task.Delay(StartMax));
        if (await Task.WhenAny(ready, exited, late) != ready) Assert.Fail($"The silo {(exited.IsCompleted ? "ended" : "hangs")} at its start:\n{Log}");
        Key = (await File.ReadAllTextAsync(Path.Combine(data, AdminKey.FileName))).Trim();
        Hub = new HubClient(await ready, Key);
    }

    /// <summary>Starts it without waiting for anything.</summary>
    /// <returns>Where it listens, once it does.</returns>
    public Task<Uri> Begin()
    {
        var start = new ProcessStartInfo(DotNet, [Path.Combine(AppContext.BaseDirectory, "MoMo.Silo.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = data,
        };
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process?.Dispose();
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, said) => Hear(said.Data, ready);
        process.ErrorDataReceived += (_, said) => Hear(said.Data, ready);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return ready.Task;
    }

    /// <summary>Ends it as a power cut of the process would: <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop: SIGTERM.</summary>
    public Task TerminateAsync() => SignalAsync(Pid, "TERM");

    /// <summary>Waits for its end after <see cref="TerminateAsync"/>.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(StopMax);
        await process!.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>Sends a process a signal, such as <c>KILL</c>.</summary>
    public static async Task SignalAsync(int pid, string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {pid}")]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: true, ExitCode: not 0 }) output.WriteLine("The silo was gone before its end:");
        else if (process is { HasExited: false })
        {
            await TerminateAsync();
            if (await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(StopMax)) is { IsCompletedSuccessfully: true } && !process.HasExited) await KillAsync();
        }

        if (process is not null) output.WriteLine($"Process {process.Id} ended with {(process.HasExited ? process.ExitCode : "nothing")}, having said:");
        process?.Dispose();
        output.WriteLine(Log);
    }

    private static string DotNet =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private void Hear(string? line, TaskCompletionSource<Uri> ready)
    {
        if (line is null) return;
        lock (gate)
        {
            if (log.Length > 200_000) log.Remove(0, 100_000);
            log.AppendLine(line);
        }

        if (line.TrimStart() is var said && said.StartsWith("API ", StringComparison.Ordinal) && said.EndsWith("/v1", StringComparison.Ordinal))
            ready.TrySetResult(new Uri(said["API ".Length..^"/v1".Length].Trim()));
    }
}
