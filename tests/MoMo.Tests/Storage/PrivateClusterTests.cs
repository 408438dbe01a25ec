using System.Runtime.Versioning;
using MoMo.Storage.Cluster;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>The life of the private database in peace. What happens when things die is in <see cref="PrivateClusterKillTests"/>.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateClusterTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    private readonly TestFolder folder = new();

    private static PrivateClusterOptions Small => new() { SharedBuffersMegabytes = 16 };

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_second_start_finds_what_the_first_left()
    {
        await using (var first = await PrivateCluster.StartAsync(folder.Path, Small))
        {
            Assert.False(first.Adopted);
            await Sql.DoAsync(first.OwnerConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        var said = new List<string>();
        await using var second = await PrivateCluster.StartAsync(folder.Path, Small, new Said(said));
        Assert.False(second.Adopted);
        Assert.Empty(said);
        Assert.Equal(42, await Sql.AskAsync<int>(second.OwnerConnectionString, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task The_first_start_says_what_it_makes_and_where()
    {
        var said = new List<string>();
        await using var cluster = await PrivateCluster.StartAsync(folder.Path, Small, new Said(said));
        Assert.Contains(said, sentence => sentence.Contains(cluster.Folder, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_owner_owns_and_the_app_may_only_connect()
    {
        var database = await PostgresFixture.CreateEmptyDatabaseAsync();
        Assert.Equal("momo_owner", await Sql.AskAsync<string>(database.OwnerConnectionString,
            "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()"));
        Assert.Equal("momo_app", await Sql.AskAsync<string>(database.AppConnectionString, "SELECT current_user::text"));
        Assert.False(await Sql.AskAsync<bool>(database.AppConnectionString,
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"));

        await Sql.DoAsync(database.OwnerConnectionString, "CREATE TABLE closed (value int)");
        string[] acts = ["CREATE TABLE mine (value int)", "SELECT * FROM closed", "INSERT INTO closed VALUES (1)", "DROP TABLE closed"];
        foreach (var forbidden in acts)
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege,
                (await Assert.ThrowsAsync<PostgresException>(() => Sql.DoAsync(database.AppConnectionString, forbidden))).SqlState);
    }

    [Theory]
    [InlineData("full_page_writes", "on")]
    [InlineData("synchronous_commit", "on")]
    [InlineData("data_checksums", "on")]
    [InlineData("server_encoding", "UTF8")]
    [InlineData("lc_collate", "C")]
    [InlineData("lc_messages", "C")]
    [InlineData("TimeZone", "UTC")]
    [InlineData("password_encryption", "scram-sha-256")]
    [InlineData("listen_addresses", "")]
    [InlineData("max_wal_size", "4GB")]
    [InlineData("checkpoint_timeout", "15min")]
    [InlineData("jit", "off")]
    [InlineData("fsync", "off")] // By PostgresFixture: an operator's setting wins.
    public async Task The_server_runs_with_the_settings_promised(string name, string value) =>
        Assert.Equal(value, await Sql.AskAsync<string>((await PostgresFixture.ClusterAsync()).OwnerConnectionString,
            name == "lc_collate" ? "SELECT datcollate::text FROM pg_database WHERE datname = current_database()" : $"SHOW {name}"));

    [Fact]
    public async Task Nobody_gets_in_without_the_password()
    {
        var wrong = new NpgsqlConnectionStringBuilder((await PostgresFixture.ClusterAsync()).OwnerConnectionString) { Password = "momo" };
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Sql.DoAsync(wrong.ConnectionString, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    [Fact]
    public async Task Files_are_closed_to_other_users_and_fsync_is_on_by_default()
    {
        await using var cluster = await PrivateCluster.StartAsync(folder.Path, Small);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(folder.Path, "cluster.json")));
        Assert.Equal(OwnerFolder, File.GetUnixFileMode(Path.Combine(cluster.Folder, "data")));
        Assert.Equal(OwnerFolder, File.GetUnixFileMode(Path.Combine(cluster.Folder, "run")));
        Assert.False(File.Exists(Path.Combine(cluster.Folder, "owner.password")));
        Assert.Equal("on", await Sql.AskAsync<string>(cluster.OwnerConnectionString, "SHOW fsync"));
    }

    [RootFact]
    public async Task Under_root_the_server_runs_as_a_user_without_privileges()
    {
        var cluster = await PostgresFixture.ClusterAsync();
        var status = File.ReadLines($"/proc/{cluster.ServerPid}/status").Select(line => line.Split('\t')).ToDictionary(line => line[0]);
        Assert.DoesNotContain("0", status["Uid:"][1..]);
        Assert.Equal(new string('0', 16), status["CapEff:"][1]);
    }

    [RootFact]
    public async Task Under_root_a_closed_folder_sends_the_database_to_one_that_works_and_says_so()
    {
        var closed = Path.Combine(folder.Path, "closed");
        Directory.CreateDirectory(closed, OwnerFolder);
        var said = new List<string>();
        var cluster = await PrivateCluster.StartAsync(Path.Combine(closed, "data"), Small, new Said(said));
        try
        {
            Assert.StartsWith("/var/lib/momo/", cluster.Folder);
            Assert.Contains($"'{closed}/data', so the database is kept in '{cluster.Folder}'", said[0]);
            Assert.Equal(1, await Sql.AskAsync<int>(cluster.AppConnectionString, "SELECT 1"));
        }
        finally
        {
            await cluster.DisposeAsync();
            Directory.Delete(cluster.Folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_gets_a_port_of_this_machine()
    {
        var deep = Path.Combine(folder.Path, new string('d', 90), "it's deep");
        await using var cluster = await PrivateCluster.StartAsync(deep, Small);
        Assert.Equal("127.0.0.1", cluster.Host);
        Assert.Equal("127.0.0.1", await Sql.AskAsync<string>(cluster.OwnerConnectionString, "SHOW listen_addresses"));
    }

    [Fact]
    public async Task Two_silos_share_one_server_and_the_last_one_out_stops_it()
    {
        var first = await PrivateCluster.StartAsync(folder.Path, Small);
        var second = await PrivateCluster.StartAsync(folder.Path, Small);
        Assert.True(second.Adopted);
        Assert.Equal(first.ServerPid, second.ServerPid);

        await first.DisposeAsync();
        Assert.Equal(1, await Sql.AskAsync<int>(second.AppConnectionString, "SELECT 1"));
        await second.DisposeAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Sql.DoAsync(second.OwnerConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Silos_that_start_together_make_one_database()
    {
        var clusters = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PrivateCluster.StartAsync(folder.Path, Small)));
        Assert.Single(clusters.Select(cluster => cluster.ServerPid).Distinct());
        Assert.Single(clusters, cluster => !cluster.Adopted);
        foreach (var cluster in clusters) await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_lost_database_is_missed_and_not_replaced_by_an_empty_one()
    {
        string home;
        await using (var cluster = await PrivateCluster.StartAsync(folder.Path, Small)) home = cluster.Folder;
        Directory.Move(Path.Combine(home, "data"), Path.Combine(home, "away"));
        Assert.Contains("backup", await RefusalAsync(Small));

        Directory.Move(Path.Combine(home, "away"), Path.Combine(home, "data"));
        File.Delete(Path.Combine(folder.Path, "cluster.json"));
        Assert.Contains("passwords", await RefusalAsync(Small));
    }

    [Fact]
    public async Task A_setting_the_server_refuses_is_shown_in_the_message()
    {
        var options = Small;
        options.Settings["max_wal_size"] = "lots";
        Assert.Contains("max_wal_size", await RefusalAsync(options));
    }

    private async Task<string> RefusalAsync(PrivateClusterOptions options) =>
        (await Assert.ThrowsAsync<PrivateClusterException>(() => PrivateCluster.StartAsync(folder.Path, options))).Message;
}
