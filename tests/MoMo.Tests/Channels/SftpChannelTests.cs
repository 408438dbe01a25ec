using System.Globalization;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>SFTP against OpenSSH's own server.</summary>
public sealed class SftpChannelTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    private const string Sshd = "/usr/sbin/sshd";
    private const string Package = "openssh-server";

    [ServerFact(Sshd, Package)]
    public async Task Files_are_fetched_with_a_key_and_put_away_on_the_server()
    {
        using var place = new TestFolder();
        await using var server = await StartAsync(place.Path);
        var adapter = await fixture.AddAdapterAsync();
        var folder = Folder(place, "box");
        await File.WriteAllTextAsync(Path.Combine(folder, "day.csv"), ChannelFixture.Csv("S", 20_000));
        await File.WriteAllTextAsync(Path.Combine(folder, "bad.csv"), "");
        await fixture.SetAsync(adapter, "sftp", Settings(server, folder, await FingerprintAsync(place)), new { private_key = await File.ReadAllTextAsync(Path.Combine(place.Path, "client")) });

        await fixture.TakenAsync(adapter, 1);
        await fixture.AsideAsync(adapter, 1);
        Assert.Equal(20_000, await fixture.PaymentsAsync(adapter));
        Assert.EndsWith("-day.csv", Assert.Single(Directory.GetFiles(Path.Combine(folder, "done"))), StringComparison.Ordinal);
        Assert.Contains(Directory.GetFiles(Path.Combine(folder, "failed")), file => file.EndsWith("-bad.csv.reason.txt", StringComparison.Ordinal));
        // The server works; but of what was set aside the payments are missing.
        await Eventually.TrueAsync(
            async () => await fixture.Hub.GetAsync($"/v1/adapters/{adapter}") is { } shown && shown.Text("state") == "degraded"
                && shown.Text("state_detail")!.Contains("bad.csv", StringComparison.Ordinal),
            () => "not degraded");
    }

    [ServerFact(Sshd, Package)]
    public async Task What_takes_a_files_place_while_that_is_read_is_taken_next()
    {
        using var place = new TestFolder();
        await using var server = await StartAsync(place.Path);
        var adapter = await fixture.AddAdapterAsync();
        var folder = Folder(place, "box");
        await fixture.SetAsync(adapter, "sftp", Settings(server, folder, await FingerprintAsync(place)), new { private_key = await File.ReadAllTextAsync(Path.Combine(place.Path, "client")) });
        await fixture.ReplacedWhileReadAsync(adapter, Path.Combine(folder, "statement.csv"));
    }

    [ServerFact(Sshd, Package)]
    public async Task A_server_with_another_key_is_not_trusted_and_a_test_tells_its_fingerprint()
    {
        using var place = new TestFolder();
        await using var server = await StartAsync(place.Path);
        var adapter = await fixture.AddAdapterAsync();
        var key = await File.ReadAllTextAsync(Path.Combine(place.Path, "client"));
        var fingerprint = await FingerprintAsync(place);
        foreach (var expected in new[] { null, "SHA256:" + new string('A', 43) })
        {
            await fixture.SetAsync(adapter, "sftp", Settings(server, place.Path, expected), new { private_key = key });
            var tried = await fixture.TryAsync(adapter);
            Assert.False(tried.Json.GetProperty("works").GetBoolean());
            Assert.Contains(fingerprint, tried.Text("detail"), StringComparison.Ordinal);
        }

        await fixture.SetAsync(adapter, "sftp", Settings(server, place.Path, fingerprint));
        var right = await fixture.TryAsync(adapter);
        Assert.True(right.Json.GetProperty("works").GetBoolean(), right.ToString());
    }

    [ServerFact(Sshd, Package)]
    public async Task A_wrong_secret_is_an_alarm_and_appears_nowhere()
    {
        using var place = new TestFolder();
        await using var server = await StartAsync(place.Path);
        var adapter = await fixture.AddAdapterAsync();
        await fixture.SetAsync(adapter, "sftp", Settings(server, place.Path, await FingerprintAsync(place)), new { password = "Xq-not-the-password" });
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("state").GetString() == "failing");
        await Eventually.TrueAsync(async () => (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Text("state") == "down", () => "not down");
        var shown = await fixture.Hub.GetAsync($"/v1/adapters/{adapter}");
        Assert.Contains("does not let the hub in", shown.Text("state_detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("Xq-not-the-password", shown.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync($"channels WHERE adapter_id = '{adapter}' AND channel_secret LIKE '%Xq-%'"));
    }

    [ServerFact(Sshd, Package)]
    public async Task A_password_that_holds_anything_is_passed_on_unharmed()
    {
        using var place = new TestFolder();
        await TestUser.EnsureAsync();
        await using var server = await StartAsync(place.Path);
        var adapter = await fixture.AddAdapterAsync();
        var folder = Folder(place, "of-user");
        var settings = new { host = "127.0.0.1", port = server.Port, user = TestUser.Name, host_key = await FingerprintAsync(place), path = folder, after = "leave", ready = "at-once", interval_seconds = 5 };
        await File.WriteAllTextAsync(Path.Combine(folder, "p.csv"), ChannelFixture.Csv("W", 1));
        await fixture.SetAsync(adapter, "sftp", settings, new { password = TestUser.Password });
        var tried = await fixture.TryAsync(adapter);
        Assert.True(tried.Json.GetProperty("works").GetBoolean(), $"{tried} {server.Log}");
        await fixture.TakenAsync(adapter, 1);
    }

    [ServerFact(Sshd, Package)]
    public async Task A_server_that_dies_while_it_sends_loses_and_doubles_nothing()
    {
        using var place = new TestFolder();
        var server = await StartAsync(place.Path);
        var adapter = await fixture.AddAdapterAsync();
        var folder = Folder(place, "box");
        // Of several pieces, the first of which is kept when the server goes.
        var rows = ChannelFixture.Csv("D", 60_000);
        await File.WriteAllTextAsync(Path.Combine(folder, "large.csv"), rows);
        var before = await fixture.CountAsync("proof_packs");
        await fixture.SetAsync(adapter, "sftp", Settings(server, folder, await FingerprintAsync(place)), new { private_key = await File.ReadAllTextAsync(Path.Combine(place.Path, "client")) });
        await Eventually.TrueAsync(async () => await fixture.CountAsync("proof_packs") > before || await fixture.FilesAsync(adapter) > 0, () => "no piece");
        await server.KillAsync();
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("state").GetString() == "failing" || channel.GetProperty("taken").GetInt64() == 1);

        await using var again = await StartAsync(place.Path, server.Port);
        await fixture.TakenAsync(adapter, 1);
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("state").GetString() == "working");
        Assert.Equal((1, 60_000), (await fixture.FilesAsync(adapter), await fixture.PaymentsAsync(adapter)));
        Assert.Equal(Encoding.UTF8.GetByteCount(rows), await Sql.AskAsync<long>(fixture.ConnectionString, $"SELECT size FROM files WHERE adapter_id = '{adapter}'"));
        Assert.Equal(0, (await fixture.ChannelAsync(adapter)).GetProperty("set_aside").GetInt64());
    }

    [Fact]
    public async Task Private_addresses_are_refused_unless_they_are_allowed()
    {
        var adapter = await fixture.AddAdapterAsync();
        foreach (var host in new[] { "169.254.169.254", "10.1.2.3", "fd00::1" })
        {
            await fixture.SetAsync(adapter, "sftp", new { host, user = "u", path = "/" });
            var tried = await fixture.TryAsync(adapter);
            Assert.Contains("MoMo:Channels:AllowedNetworks", tried.Text("detail"), StringComparison.Ordinal);
        }
    }

    private static string Folder(TestFolder place, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(place.Path, name));
        if (!OperatingSystem.IsWindows()) folder.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        return folder.FullName;
    }

    private static object Settings(ServerProgram server, string path, string? hostKey) =>
        new { host = "127.0.0.1", port = server.Port, user = "root", host_key = hostKey, path, pattern = "*.csv", ready = "at-once", interval_seconds = 5 };

    internal static async Task<string> FingerprintAsync(TestFolder place) =>
        (await ServerProgram.RunAsync("/usr/bin/ssh-keygen", "-l", "-f", Path.Combine(place.Path, "host.pub"))).Split(' ')[1];

    /// <param name="place">Its folder.</param>
    /// <param name="port">A free one unless it is given.</param>
    /// <param name="denied">Requests of SFTP that it takes from nobody, with commas between.</param>
    internal static async Task<ServerProgram> StartAsync(string place, int? port = null, string? denied = null)
    {
        Directory.CreateDirectory("/run/sshd");
        foreach (var key in new[] { "host", "client" })
            if (!File.Exists(Path.Combine(place, key)))
                await ServerProgram.RunAsync("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(place, key));
        var used = port ?? ServerProgram.FreePort();
        await File.WriteAllTextAsync(Path.Combine(place, "sshd_config"), string.Create(CultureInfo.InvariantCulture, $"""
            Port {used}
            ListenAddress 127.0.0.1
            HostKey {place}/host
            PidFile none
            AuthorizedKeysFile {place}/client.pub
            PasswordAuthentication yes
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no
            Subsystem sftp internal-sftp{(denied is null ? "" : $" -P {denied}")}

            """));
        return await ServerProgram.StartAsync(Sshd, used, "-D", "-e", "-f", Path.Combine(place, "sshd_config"));
    }
}
