using System.Globalization;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>FTP, plain and with TLS, against vsftpd.</summary>
public sealed class FtpChannelTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    private const string Vsftpd = "/usr/sbin/vsftpd";
    private const string Package = "vsftpd";

    [ServerFact(Vsftpd, Package)]
    public Task Files_are_fetched_in_the_clear_and_put_away_on_the_server() => FetchAsync("none");

    [ServerFact(Vsftpd, Package)]
    public Task Files_are_fetched_under_TLS_and_put_away_on_the_server() => FetchAsync("explicit");

    [ServerFact(Vsftpd, Package)]
    public Task Data_connections_resume_the_session_for_servers_that_demand_it() => FetchAsync("explicit", "require_ssl_reuse=YES");

    [ServerFact(Vsftpd, Package)]
    public async Task What_takes_a_files_place_while_that_is_read_is_taken_next()
    {
        using var place = new TestFolder();
        await using var server = await StartAsync(place, "none");
        var adapter = await fixture.AddAdapterAsync();
        await fixture.SetAsync(adapter, "ftp", Settings(server, place, "none", null), new { password = TestUser.Password });
        await fixture.ReplacedWhileReadAsync(adapter, Path.Combine(place.Path, "box", "statement.csv"));
    }

    [ServerFact(Vsftpd, Package)]
    public Task Of_a_server_that_tells_no_times_tomorrows_file_of_the_same_name_and_length_is_taken() => TakeTomorrowsAsync("at-once");

    [ServerFact(Vsftpd, Package)]
    public Task Tomorrows_file_is_waited_for_until_it_is_quiet_as_todays_was() => TakeTomorrowsAsync("unchanged");

    private async Task TakeTomorrowsAsync(string ready)
    {
        using var place = new TestFolder();
        await using var server = await StartAsync(place, "none", "cmds_denied=MDTM");
        var adapter = await fixture.AddAdapterAsync();
        var file = Path.Combine(place.Path, "box", "statement.csv");
        await fixture.SetAsync(adapter, "ftp", Settings(server, place, "none", null, ready), new { password = TestUser.Password });
        foreach (var (day, prefix) in new[] { (1, "a"), (2, "b") })
        {
            await File.WriteAllTextAsync(file, ChannelFixture.Csv(prefix, 3));
            await fixture.TakenAsync(adapter, day);
            await GoneAsync();
            Assert.Equal((day, day * 3), (await fixture.FilesAsync(adapter), await fixture.PaymentsAsync(adapter)));
        }

        // The very same bytes are put away, and are nothing new.
        await File.WriteAllTextAsync(file, ChannelFixture.Csv("b", 3));
        await GoneAsync();
        Assert.Equal(2, (await fixture.ChannelAsync(adapter)).GetProperty("taken").GetInt64());

        Task GoneAsync() => Eventually.TrueAsync(
            async () =>
            {
                if (!File.Exists(file)) return true;
                await fixture.LookAsync(adapter);
                return false;
            },
            () => "not put away");
    }

    [ServerFact(Vsftpd, Package)]
    public async Task Of_a_server_that_tells_no_times_what_stays_there_is_fetched_again_and_counted_once()
    {
        using var place = new TestFolder();
        await using var server = await StartAsync(place, "none", "cmds_denied=MDTM");
        var adapter = await fixture.AddAdapterAsync();
        var box = Path.Combine(place.Path, "box");
        await File.WriteAllTextAsync(Path.Combine(box, "day.csv"), ChannelFixture.Csv("a", 3));
        await File.WriteAllTextAsync(Path.Combine(box, "bad.csv"), "");
        await fixture.SetAsync(adapter, "ftp", Settings(server, place, "none", null, after: "leave"), new { password = TestUser.Password });
        await fixture.TakenAsync(adapter, 1);
        await fixture.AsideAsync(adapter, 1);
        await fixture.AnotherLookAsync(adapter);
        var channel = await fixture.ChannelAsync(adapter);
        Assert.Equal((1, 1), (channel.GetProperty("taken").GetInt64(), channel.GetProperty("set_aside").GetInt64()));
        Assert.Equal(1, await fixture.CountAsync($"files WHERE adapter_id = '{adapter}' AND name = 'day.csv' AND readings = 1"));

        await File.WriteAllTextAsync(Path.Combine(box, "day.csv"), ChannelFixture.Csv("b", 3));
        await fixture.TakenAsync(adapter, 2);
        Assert.Equal(6, await fixture.PaymentsAsync(adapter));
    }

    [ServerFact(Vsftpd, Package)]
    public async Task A_wrong_password_and_a_missing_folder_are_told()
    {
        using var place = new TestFolder();
        await using var server = await StartAsync(place, "none");
        var adapter = await fixture.AddAdapterAsync();
        await fixture.SetAsync(adapter, "ftp", Settings(server, place, "none", null), new { password = "wrong" });
        Assert.Contains("does not let the hub in", (await fixture.TryAsync(adapter)).Text("detail"), StringComparison.Ordinal);
        await fixture.SetAsync(adapter, "ftp", new { host = "127.0.0.1", port = server.Port, user = TestUser.Name, tls = "none", path = "/nowhere" }, new { password = TestUser.Password });
        Assert.Contains("does not exist", (await fixture.TryAsync(adapter)).Text("detail"), StringComparison.Ordinal);
        await fixture.SetAsync(adapter, "ftp", Settings(server, place, "explicit", null), new { password = TestUser.Password });
        Assert.Contains("no TLS", (await fixture.TryAsync(adapter)).Text("detail"), StringComparison.Ordinal);
    }

    private async Task FetchAsync(string tls, string more = "require_ssl_reuse=NO")
    {
        using var place = new TestFolder();
        await using var server = await StartAsync(place, tls, more);
        var adapter = await fixture.AddAdapterAsync();
        var box = Path.Combine(place.Path, "box");
        await File.WriteAllTextAsync(Path.Combine(box, "day.csv"), ChannelFixture.Csv("F", 30_000));
        await File.WriteAllTextAsync(Path.Combine(box, "bad.csv"), "");
        var pin = File.Exists(Path.Combine(place.Path, "pin")) ? await File.ReadAllTextAsync(Path.Combine(place.Path, "pin")) : null;
        await fixture.SetAsync(adapter, "ftp", Settings(server, place, tls, pin), new { password = TestUser.Password });
        var tried = await fixture.TryAsync(adapter);
        Assert.True(tried.Json.GetProperty("works").GetBoolean(), $"{tried} {server.Log}");

        await fixture.TakenAsync(adapter, 1);
        await fixture.AsideAsync(adapter, 1);
        Assert.Equal(30_000, await fixture.PaymentsAsync(adapter));
        await Eventually.TrueAsync(() => !File.Exists(Path.Combine(box, "day.csv")), () => "not moved");
        Assert.EndsWith("-day.csv", Assert.Single(Directory.GetFiles(Path.Combine(box, "done"))), StringComparison.Ordinal);
        Assert.Contains(Directory.GetFiles(Path.Combine(box, "failed")), file => file.EndsWith("-bad.csv.reason.txt", StringComparison.Ordinal));
    }

    private static object Settings(ServerProgram server, TestFolder place, string tls, string? pin, string ready = "at-once", string after = "move") => new
    {
        // Sessions are resumed with servers that have a name.
        host = "localhost", port = server.Port, user = TestUser.Name, tls, tls_pin = pin, path = Path.Combine(place.Path, "box"), pattern = "*.csv", ready, after, interval_seconds = 5,
        quiet_seconds = 1,
    };

    private static async Task<ServerProgram> StartAsync(TestFolder place, string tls, params string[] more)
    {
        await TestUser.EnsureAsync();
        var box = Directory.CreateDirectory(Path.Combine(place.Path, "box")).FullName;
        await ServerProgram.RunAsync("/bin/chown", TestUser.Name, box);
        if (tls != "none") await File.WriteAllTextAsync(Path.Combine(place.Path, "pin"), TestCertificate.Write(place.Path));
        var port = ServerProgram.FreePort();
        // Logging in asks PAM for the service that is named here; "other" is there on every Debian, and asks for the password.
        string[] lines =
        [
            "listen=YES", "listen_address=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"listen_port={port}"), "background=NO", "local_enable=YES", "write_enable=YES",
            "anonymous_enable=NO", "pam_service_name=other", "seccomp_sandbox=NO", "xferlog_enable=NO", "pasv_address=203.0.113.9", "local_umask=022",
            .. tls == "none" ? [] : (string[])
            [
                "ssl_enable=YES", $"rsa_cert_file={place.Path}/cert.pem", $"rsa_private_key_file={place.Path}/key.pem", "force_local_logins_ssl=YES", "force_local_data_ssl=YES",
                "ssl_ciphers=HIGH",
            ],
            .. more,
        ];
        var config = Path.Combine(place.Path, "vsftpd.conf");
        await File.WriteAllLinesAsync(config, lines);
        return await ServerProgram.StartAsync(Vsftpd, port, config);
    }
}
