using System.Globalization;
using Microsoft.Extensions.Logging;
using MoMo.Storage.Secrets;

namespace MoMo.Storage.Cluster;

/// <summary>
/// The server of one private cluster: found running or started, and stopped. Every caller holds the cluster's lock, so that of
/// several silos only one at a time touches the server. It runs apart from the silo and outlives its death.
/// </summary>
internal sealed class ServerProcess(
    ClusterHome home, ServerBinaries binaries, ServerUser user, ClusterRoles roles, PrivateClusterOptions options, TimeProvider clock, ILogger log)
{
    private const int PortTriesMax = 5;

    private static readonly TimeSpan KnockEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ImmediateStopMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RemainsMax = TimeSpan.FromSeconds(15);

    /// <summary>Where the server listens, once it was found or started; it stays there when it is started again.</summary>
    public ServerAddress? Address { get; private set; }

    /// <summary>The server's process, once it was found or started.</summary>
    public int Pid { get; private set; }

    /// <summary>Whether the server runs as far as the system's list of processes tells.</summary>
    public bool IsAlive => Pid != 0 && ServerSight.IsServer(Pid, home.Data);

    /// <summary>Takes over the server that runs on the cluster, or starts it.</summary>
    /// <returns>Whether it was running.</returns>
    /// <exception cref="PrivateClusterException">It does not start.</exception>
    public async Task<bool> EnsureAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        if (ServerPidFile.Read(home.Data) is { } left)
        {
            if (ServerSight.IsServer(left.Pid, home.Data))
            {
                if (await AdoptAsync(left.Pid, progress, cancellation)) return true;
                await StopAsync(left.Pid, cancellation);
            }
            else if (ServerSight.IsTaken(left.Pid))
            {
                // Another program has got the dead server's number; PostgreSQL would take it for a living server and refuse.
                ServerPidFile.Delete(home.Data);
            }
        }

        await StartAsync(progress, cancellation);
        return false;
    }

    /// <summary>Stops the server: in order, then hard, then by force, in bounded time.</summary>
    public Task StopAsync(CancellationToken cancellation) =>
        ServerPidFile.Read(home.Data) is { } file && ServerSight.IsServer(file.Pid, home.Data) ? StopAsync(file.Pid, cancellation) : Task.CompletedTask;

    private async Task StopAsync(int pid, CancellationToken cancellation)
    {
        foreach (var (signal, wait) in new[] { (Posix.Interrupt, options.StopMax), (Posix.Quit, ImmediateStopMax), (Posix.Kill, ImmediateStopMax) })
        {
            if (!ServerSight.IsServer(pid, home.Data)) return;
            Posix.Signal(pid, signal);
            var began = clock.GetTimestamp();
            while (clock.GetElapsedTime(began) < wait)
            {
                if (!ServerSight.IsServer(pid, home.Data)) return;
                await Task.Delay(KnockEvery, clock, cancellation);
            }

            log.LogWarning("PostgreSQL (process {Pid}) did not stop within {Wait} after signal {Signal}", pid, wait, signal);
        }
    }

    /// <summary>Waits until the running server takes us in.</summary>
    /// <returns>False when it ended or says nothing, so that a new one is needed.</returns>
    private async Task<bool> AdoptAsync(int pid, IProgress<string>? progress, CancellationToken cancellation)
    {
        var (began, heard) = (clock.GetTimestamp(), clock.GetTimestamp());
        while (ServerSight.IsServer(pid, home.Data))
        {
            // The address is written some time after the number, so the file is read each time.
            if (ServerPidFile.Read(home.Data) is { Address: { } address })
            {
                var answer = await roles.KnockAsync(address, cancellation);
                if (answer == ServerAnswer.Ready)
                {
                    (Pid, Address) = (pid, address);
                    return true;
                }

                if (answer == ServerAnswer.NotNow) heard = clock.GetTimestamp();
            }

            if (clock.GetElapsedTime(heard) > SilenceMax)
            {
                log.LogWarning("PostgreSQL (process {Pid}) runs but has not answered for {Silence}; it is replaced", pid, SilenceMax);
                return false;
            }

            Tell(progress, began);
            if (clock.GetElapsedTime(began) > options.StartMax) throw TooSlow();
            await Task.Delay(KnockEvery, clock, cancellation);
        }

        return false;
    }

    private async Task StartAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        var (began, tries) = (clock.GetTimestamp(), 0);
        while (true)
        {
            var address = Address ?? ServerAddress.Choose(home.Run, options.UseSocket);
            var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            SmallFile.WritePublic(home.Settings, ServerSettings.Text(home, address, options, memory));
            File.Delete(home.StartLog);
            if (await TryStartAsync(address, progress, cancellation)) return;

            var why = StartLogs.WhyFailed(home);
            // Processes of a killed server go when they notice; until then PostgreSQL refuses to start beside them.
            var waits = why.Contains("shared memory block", StringComparison.Ordinal) && clock.GetElapsedTime(began) < RemainsMax;
            // Between choosing a port and taking it, somebody else may have been faster.
            var portTaken = !address.IsSocket && Address is null && why.Contains("TCP/IP socket", StringComparison.Ordinal) && ++tries < PortTriesMax;
            if (!waits && !portTaken) throw new PrivateClusterException($"The private database in '{home.Root}' does not start: {why} (more in '{home.Log}').");
            await Task.Delay(KnockEvery * 10, clock, cancellation);
        }
    }

    /// <summary>Starts the server by PostgreSQL's <c>pg_ctl</c>, which sets it apart from our terminal and says when it fails.</summary>
    /// <returns>False when the server ended at once.</returns>
    private async Task<bool> TryStartAsync(ServerAddress address, IProgress<string>? progress, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var seconds = ((int)options.StartMax.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var starting = user.RunAsync(
            [
                binaries.Program("pg_ctl"), "start", "--pgdata", home.Data, "--wait", "--timeout", seconds, "--log", home.StartLog,
                "--options", $"-c config_file={ServerUser.Quote(home.Settings)}",
            ], cancellation);
        while (await roles.KnockAsync(address, cancellation) != ServerAnswer.Ready)
        {
            if (starting.IsCompleted && !(await starting).Succeeded) return false;
            Tell(progress, began);
            if (clock.GetElapsedTime(began) > options.StartMax) throw TooSlow();
            await Task.Delay(KnockEvery, clock, cancellation);
        }

        var pid = ServerPidFile.Read(home.Data)?.Pid ?? 0;
        if (pid == 0) return false;
        (Pid, Address) = (pid, address);
        log.LogInformation("PostgreSQL {Major} runs as process {Pid} of user {User} at {Host}, port {Port}", binaries.Major, pid, user.Name, address.Host, address.Port);
        return true;
    }

    private void Tell(IProgress<string>? progress, long began)
    {
        // A start in the usual time is no news; recovery after a crash is.
        var seconds = (int)clock.GetElapsedTime(began).TotalSeconds;
        if (seconds > 0) progress?.Report(string.Create(CultureInfo.InvariantCulture, $"The database recovers after an unclean stop, {seconds} s so far"));
    }

    private PrivateClusterException TooSlow() =>
        new($"The private database in '{home.Root}' has not become ready within {options.StartMax}: see '{home.Log}', or allow more with MoMo:Database:StartMax.");
}
