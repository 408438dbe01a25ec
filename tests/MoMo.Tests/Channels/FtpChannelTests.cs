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

    private static object Settings(ServerProgram server, TestFolder place, string tls, string? pin) => new
    {
        // Sessions are resumed with servers that have a name.
        host = "localhost", port = server.Port, user = TestUser.Name, tls, tls_pin = pin, path = Path.Combine(place.Path, "box"), pattern = "*.csv", ready = "at-once", interval_seconds = 5,
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
