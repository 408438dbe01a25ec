using MoMo.Storage.Management;
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

    private readonly ITestOutputHelper output;
    private readonly string data;
    private readonly SiloProgram program;

    /// <param name="output">Where the log goes in the end.</param>
    /// <param name="data">Its data folder. Silos of one hub share one, as their keys are in it.</param>
    /// <param name="database">Null for a private cluster in the data folder.</param>
    /// <param name="settings">Further settings by their full name, such as <c>MoMo:Journal:QueueMax</c>.</param>
    public SiloProcess(ITestOutputHelper output, string data, TestDatabase? database, params (string Name, string Value)[] settings)
    {
        (this.output, this.data) = (output, data);
        var all = settings.ToDictionary(one => one.Name, one => one.Value);
        all["MoMo:Data"] = data;
        all["urls"] = "http://127.0.0.1:0";
        all.TryAdd("MoMo:Webhooks:AllowedNetworks:0", "127.0.0.0/8");
        all.TryAdd("MoMo:Webhooks:RequireHttps", "false");
        if (database is not null)
        {
            all["MoMo:Database:ConnectionString"] = database.AppConnectionString;
            all["MoMo:Database:OwnerConnectionString"] = database.OwnerConnectionString;
            all.TryAdd("MoMo:ConnectionsMax", "16");
        }

        program = new SiloProgram(Path.Combine(AppContext.BaseDirectory, "MoMo.Silo.dll"), data, all);
    }

    /// <summary>Talks to it as the administrator, since its last start.</summary>
    public HubClient Hub { get; private set; } = null!;

    /// <summary>The administrator's key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Its process id.</summary>
    public int Pid => program.Pid;

    /// <summary>What it said so far.</summary>
    public string Log => program.Log;

    /// <summary>Starts it, and ends when it takes requests.</summary>
    public async Task StartAsync()
    {
        var ready = Begin();
        var (exited, late) = (program.WaitAsync(), Task.Delay(StartMax));
        if (await Task.WhenAny(ready, exited, late) != ready) Assert.Fail($"The silo {(exited.IsCompleted ? "ended" : "hangs")} at its start:\n{Log}");
        Key = (await File.ReadAllTextAsync(Path.Combine(data, AdminKey.FileName))).Trim();
        Hub = new HubClient(await ready, Key);
    }

    /// <summary>Starts it without waiting for anything.</summary>
    /// <returns>Where it listens, once it does.</returns>
    public Task<Uri> Begin() => program.Begin();

    /// <summary>Ends it as a power cut of the process would: <c>kill -9</c>.</summary>
    public Task KillAsync() => program.KillAsync();

    /// <summary>Asks it to stop: SIGTERM.</summary>
    public Task TerminateAsync() => SignalAsync(Pid, "TERM");

    /// <summary>Waits for its end after <see cref="TerminateAsync"/>.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(StopMax);
        await program.WaitAsync(patience.Token);
        return program.ExitCode!.Value;
    }

    /// <summary>Sends a process a signal, such as <c>KILL</c>.</summary>
    public static Task SignalAsync(int pid, string signal) => SiloProgram.SignalAsync(pid, signal);

    public async ValueTask DisposeAsync()
    {
        if (program.ExitCode is not (null or 0)) output.WriteLine("The silo was gone before its end:");
        else if (program.IsAlive)
        {
            await TerminateAsync();
            if (await Task.WhenAny(program.WaitAsync(), Task.Delay(StopMax)) is { IsCompletedSuccessfully: true } && program.IsAlive) await KillAsync();
        }

        output.WriteLine($"The silo ended with {program.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"}, having said:");
        program.Dispose();
        output.WriteLine(Log);
    }
}
