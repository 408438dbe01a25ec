using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using MoMo.Storage.Cluster;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>Any process may be killed at any time; the database comes back with everything that was committed.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateClusterKillTests : IDisposable
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestFolder folder = new();

    private static PrivateClusterOptions Small => new() { SharedBuffersMegabytes = 16 };

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_killed_server_is_started_again_with_what_was_committed()
    {
        await using var cluster = await PrivateCluster.StartAsync(folder.Path, Small);
        await Sql.DoAsync(cluster.OwnerConnectionString, "CREATE TABLE kept (value int)");
        foreach (var round in new[] { 1, 2 })
        {
            var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            EventHandler restarted = (_, _) => again.TrySetResult();
            cluster.Restarted += restarted;
            var (address, dead) = (cluster.AppConnectionString, cluster.ServerPid);
            await Sql.DoAsync(cluster.OwnerConnectionString, $"INSERT INTO kept VALUES ({round})");
            Kill(dead);

            await again.Task.WaitAsync(Patience);
            cluster.Restarted -= restarted;
            Assert.Equal(round, cluster.Restarts);
            Assert.NotEqual(dead, cluster.ServerPid);
            Assert.Equal(address, cluster.AppConnectionString);
            Assert.Equal(round, await Sql.AskAsync<long>(cluster.OwnerConnectionString, "SELECT count(*) FROM kept"));
        }
    }

    [Fact]
    public async Task Two_silos_that_both_see_the_server_die_start_one()
    {
        await using var first = await PrivateCluster.StartAsync(folder.Path, Small);
        await using var second = await PrivateCluster.StartAsync(folder.Path, Small);
        var again = new[] { first, second }.Select(cluster =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            cluster.Restarted += (_, _) => done.TrySetResult();
            return done.Task;
        }).ToList();
        Kill(first.ServerPid);

        await Task.WhenAll(again).WaitAsync(Patience);
        Assert.Equal(first.ServerPid, second.ServerPid);
        Assert.Equal(1, await Sql.AskAsync<int>(second.AppConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task The_server_of_a_killed_silo_is_taken_over()
    {
        var pid = await KilledSiloAsync();
        await using (var cluster = await PrivateCluster.StartAsync(folder.Path, Small))
        {
            Assert.True(cluster.Adopted);
            Assert.Equal(pid, cluster.ServerPid);
            Assert.Equal(1, await Sql.AskAsync<int>(cluster.AppConnectionString, "SELECT 1"));
        }

        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task When_silo_and_server_are_killed_the_next_start_recovers()
    {
        var pid = await KilledSiloAsync();
        Kill(pid);
        Assert.True(File.Exists(PidFile));
        await using var cluster = await PrivateCluster.StartAsync(folder.Path, Small);
        Assert.False(cluster.Adopted);
        Assert.NotEqual(pid, cluster.ServerPid);
        Assert.Equal(1, await Sql.AskAsync<int>(cluster.AppConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_server_that_hangs_is_replaced()
    {
        var pid = await KilledSiloAsync();
        using (var stop = Process.Start("/bin/sh", ["-c", $"kill -STOP {pid}"])) await stop.WaitForExitAsync();
        var hasty = Small;
        hasty.SilenceMax = hasty.StopMax = TimeSpan.FromSeconds(1);
        await using var cluster = await PrivateCluster.StartAsync(folder.Path, hasty);
        Assert.False(cluster.Adopted);
        Assert.Equal(1, await Sql.AskAsync<int>(cluster.AppConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_number_left_behind_that_another_program_has_now_does_no_harm()
    {
        await using (await PrivateCluster.StartAsync(folder.Path, Small)) { }
        await File.WriteAllTextAsync(PidFile,
            $"{Environment.ProcessId}\n{folder.Path}/postgres/data\n1700000000\n5432\n{folder.Path}/postgres/run\n");
        await using var cluster = await PrivateCluster.StartAsync(folder.Path, Small);
        Assert.False(cluster.Adopted);
        Assert.Equal(1, await Sql.AskAsync<int>(cluster.AppConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_server_of_somebody_else_that_has_the_number_now_is_left_alone()
    {
        await using (await PrivateCluster.StartAsync(folder.Path, Small)) { }
        // As a server that was told its folder by PGDATA alone.
        var program = Path.Combine(folder.Path, "postgres-of-others", "postgres");
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        File.Copy("/bin/sleep", program);
        using var other = Process.Start(program, ["600"]);
        await File.WriteAllTextAsync(PidFile, $"{other.Id}\n{folder.Path}/postgres/data\n1700000000\n5432\n{folder.Path}/postgres/run\n");
        var hasty = Small;
        hasty.SilenceMax = hasty.StopMax = TimeSpan.FromSeconds(1);
        await using (var cluster = await PrivateCluster.StartAsync(folder.Path, hasty))
            Assert.Equal(1, await Sql.AskAsync<int>(cluster.AppConnectionString, "SELECT 1"));
        Assert.False(other.HasExited);
        other.Kill();
    }

    [Fact]
    public async Task Who_can_not_see_the_processes_of_a_folder_in_use_starts_no_server_there()
    {
        var place = Path.Combine(folder.Path, "cluster.place");
        await using (var cluster = await PrivateCluster.StartAsync(folder.Path, Small))
        {
            var here = await File.ReadAllTextAsync(place);
            await File.WriteAllTextAsync(place, $"another {here}");
            var refused = await Assert.ThrowsAsync<PrivateClusterException>(() => PrivateCluster.StartAsync(folder.Path, Small));
            Assert.Contains("another container or machine", refused.Message, StringComparison.Ordinal);
            Assert.Equal(1, await Sql.AskAsync<int>(cluster.AppConnectionString, "SELECT 1"));
        }

        await using var next = await PrivateCluster.StartAsync(folder.Path, Small); // nobody uses it any more
        Assert.DoesNotContain("another", await File.ReadAllTextAsync(place), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_outlived_its_silo_elsewhere_is_left_alone()
    {
        var pid = await KilledSiloAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cluster.place"), "another");
        var refused = await Assert.ThrowsAsync<PrivateClusterException>(() => PrivateCluster.StartAsync(folder.Path, Small));
        Assert.Contains("another container or machine", refused.Message, StringComparison.Ordinal);
        Kill(pid);
        // Its socket goes with the last of its processes.
        PrivateCluster? next = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    next = await PrivateCluster.StartAsync(folder.Path, Small);
                    return true;
                }
                catch (PrivateClusterException e) when (e.Message == refused.Message)
                {
                    return false;
                }
            },
            () => "the killed server to be gone");
        await using (next) Assert.Equal(1, await Sql.AskAsync<int>(next!.AppConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_first_start_that_was_killed_leaves_nothing_half_made()
    {
        // The draft folder exists from the moment initdb begins; initdb takes far longer than hearing of that.
        var home = Directory.CreateDirectory(Path.Combine(folder.Path, "postgres"), Passable);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(home.FullName, "draft-*") { NotifyFilter = NotifyFilters.DirectoryName };
        watcher.Created += (_, _) => begun.TrySetResult();
        watcher.EnableRaisingEvents = true;
        using (var silo = TestProcess.Start("hold-cluster", folder.Path))
        {
            await begun.Task.WaitAsync(Patience);
            silo.Kill();
            await silo.WaitForExitAsync();
        }

        await using var cluster = await PrivateCluster.StartAsync(folder.Path, Small);
        Assert.False(cluster.Adopted);
        Assert.Empty(Directory.GetDirectories(cluster.Folder, "draft-*"));
        Assert.Equal(1, await Sql.AskAsync<int>(cluster.AppConnectionString, "SELECT 1"));
    }

    private string PidFile => Path.Combine(folder.Path, "postgres", "data", "postmaster.pid");

    /// <summary>Runs a silo in another process and kills it when its database runs.</summary>
    /// <returns>The process of the server, which runs on.</returns>
    private async Task<int> KilledSiloAsync()
    {
        using var silo = TestProcess.Start("hold-cluster", folder.Path);
        var said = await silo.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        Assert.StartsWith(TestProcess.Ready, said);
        silo.Kill();
        await silo.WaitForExitAsync();
        return int.Parse(said!.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static void Kill(int pid)
    {
        using var server = Process.GetProcessById(pid);
        server.Kill();
    }
}
