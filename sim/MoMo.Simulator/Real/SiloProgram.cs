using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace MoMo.Simulator.Real;

/// <summary>The real silo as a process of its own: something to kill. May be started, killed and started again.</summary>
/// <param name="assembly">The built <c>MoMo.Silo.dll</c>.</param>
/// <param name="data">Its data folder. Silos of one hub share one, as their keys are in it.</param>
/// <param name="settings">Its settings by their full name, such as <c>MoMo:Journal:QueueMax</c>.</param>
internal sealed class SiloProgram(string assembly, string data, IReadOnlyDictionary<string, string> settings) : IDisposable
{
    private const int LogMax = 200_000;

    private readonly Lock gate = new();
    private readonly StringBuilder log = new();
    private Process? process;

    /// <summary>Its process id.</summary>
    public int Pid => process!.Id;

    /// <summary>Whether it has been started and has not ended.</summary>
    public bool IsAlive => process is { HasExited: false };

    /// <summary>The code that it ended with; null while it lives and before its start.</summary>
    public int? ExitCode => process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>The last that it said, through all its lives.</summary>
    public string Log
    {
        get { lock (gate) return log.ToString(); }
    }

    /// <summary>Starts it without waiting for anything.</summary>
    /// <returns>Where it listens, once it does.</returns>
    public Task<Uri> Begin()
    {
        var start = new ProcessStartInfo(DotNet, [assembly])
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

    /// <summary>Kills it and waits for nothing.</summary>
    public void Kill() => process?.Kill();

    /// <summary>Ends when it has ended.</summary>
    public Task WaitAsync(CancellationToken cancellation = default) => process!.WaitForExitAsync(cancellation);

    /// <summary>Sends a process a signal, such as <c>KILL</c>. One that is gone gets none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is none of one process: 0 and below would be groups of processes, our own among them.</exception>
    public static async Task SignalAsync(int pid, string signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 2);
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {pid}")]);
        await kill.WaitForExitAsync();
    }

    public void Dispose() => process?.Dispose();

    private static string DotNet =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private void Hear(string? line, TaskCompletionSource<Uri> ready)
    {
        if (line is null) return;
        lock (gate)
        {
            if (log.Length > LogMax) log.Remove(0, LogMax / 2);
            log.AppendLine(line);
        }

        if (line.TrimStart() is var said && said.StartsWith("API ", StringComparison.Ordinal) && said.EndsWith("/v1", StringComparison.Ordinal))
            ready.TrySetResult(new Uri(said["API ".Length..^"/v1".Length].Trim()));
    }
}
