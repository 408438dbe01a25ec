using System.Globalization;
using Microsoft.Extensions.Logging;
using MoMo.Storage.Disk;

namespace MoMo.Storage.Cluster;

/// <summary>
/// The server of one private cluster: found running or started, and stopped. Every caller holds the cluster's lock, so that of
/// several silos only one at a time touches the server. It runs apart from the silo and outlives its death.
/// </summary>
internal sealed class ServerProcess(
    ClusterHome home, ServerBinaries binaries, ServerUser user, ClusterRoles roles, PrivateClusterOptions options, TimeProvider clock,
    ILogger log)
{
    private const int PortTriesMax = 5;

    /// <summary>What a server says that finds another one's things still in use.</summary>
    private static readonly string[] Remains = ["shared memory block", "lock file"];

    private static readonly TimeSpan KnockEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan KnockLaterEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UsualStart = TimeSpan.FromSeconds(2);
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
        var (began, ports) = (clock.GetTimestamp(), 0);
        while (true)
        {
            if (ServerPidFile.Read(home.Data) is { } left)
            {
                if (await AdoptAsync(left.Pid, progress, cancellation)) return true;
                await StopAsync(left.Pid, cancellation);
            }

            var address = Address ?? ServerAddress.Choose(home.Run, options.UseSocket);
            if (await TryStartAsync(address, progress, cancellation)) return false;

            var why = StartLogs.WhyFailed(home);
            // Processes of a killed server go when they notice, and one that a killed silo was just starting appears late.
            var remains = Remains.Any(remain => why.Contains(remain, StringComparison.Ordinal));
            // Between choosing a port and taking it, somebody else may have been faster.
            var portTaken = Address is null && why.Contains("could not bind", StringComparison.Ordinal) && ++ports < PortTriesMax;
            if (!portTaken && !(remains && clock.GetElapsedTime(began) < RemainsMax))
                throw new PrivateClusterException($"The private database in '{home.Root}' does not start: {why} (more in '{home.Log}').");
            await Task.Delay(KnockEvery * 10, clock, cancellation);
        }
    }

    /// <summary>Stops the server: in order, then hard, then by force, in bounded time.</summary>
    public Task StopAsync(CancellationToken cancellation) =>
        ServerPidFile.Read(home.Data) is { } file ? StopAsync(file.Pid, cancellation) : Task.CompletedTask;

    private async Task StopAsync(int pid, CancellationToken cancellation)
    {
        (int, TimeSpan)[] steps = [(Posix.Interrupt, options.StopMax), (Posix.Quit, ImmediateStopMax), (Posix.Kill, ImmediateStopMax)];
        foreach (var (signal, wait) in steps)
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

            if (clock.GetElapsedTime(heard) > options.SilenceMax)
            {
                log.LogWarning(
                    "PostgreSQL (process {Pid}) runs but has not answered for {Silence}; it is replaced", pid, options.SilenceMax);
                return false;
            }

            await PauseAsync(progress, began, cancellation);
        }

        return false;
    }

    /// <summary>
    /// Removes what a dead server left when the system still has a process of its number: another program that got it since, or the dead
    /// one as long as nobody has buried it. PostgreSQL would take it for a living server and refuse to start.
    /// </summary>
    private void ForgetDead()
    {
        if (ServerPidFile.Read(home.Data) is { } left)
        {
            if (ServerSight.IsServer(left.Pid, home.Data)) return;
            if (Posix.Exists(left.Pid)) ServerPidFile.Delete(home.Data);
        }

        // The socket's folder is this server's alone, and the server is dead.
        foreach (var socket in Directory.GetFiles(home.Run, ".s.PGSQL.*")) File.Delete(socket);
    }

    /// <summary>Starts the server by PostgreSQL's <c>pg_ctl</c>, which sets it apart from our terminal and says when it fails.</summary>
    /// <returns>False when the server ended at once.</returns>
    private async Task<bool> TryStartAsync(ServerAddress address, IProgress<string>? progress, CancellationToken cancellation)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        SmallFile.WritePublic(home.Settings, ServerSettings.Text(home, address, options, memory));
        File.Delete(home.StartLog);
        ForgetDead();

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
            await PauseAsync(progress, began, cancellation);
        }

        var pid = ServerPidFile.Read(home.Data)?.Pid ?? 0;
        if (pid == 0) return false;
        (Pid, Address) = (pid, address);
        log.LogInformation(
            "PostgreSQL {Major} runs as process {Pid} of user {User} at {Host}, port {Port}",
            binaries.Major, pid, user.Name, address.Host, address.Port);
        return true;
    }

    /// <summary>
    /// Waits until the next knock: a moment at first, longer when it takes longer, since the server logs each knock it refuses.
    /// </summary>
    private async Task PauseAsync(IProgress<string>? progress, long began, CancellationToken cancellation)
    {
        var elapsed = clock.GetElapsedTime(began);
        if (elapsed > options.StartMax) throw TooSlow();
        if (elapsed > UsualStart)
            progress?.Report(string.Create(CultureInfo.InvariantCulture,
                $"The database recovers after an unclean stop, {(int)elapsed.TotalSeconds} s so far"));
        await Task.Delay(elapsed > UsualStart ? KnockLaterEvery : KnockEvery, clock, cancellation);
    }

    private PrivateClusterException TooSlow() =>
        new(
            $"The private database in '{home.Root}' has not become ready within {options.StartMax}: see '{home.Log}', or allow more " +
            "with MoMo:Database:StartMax.");
}
