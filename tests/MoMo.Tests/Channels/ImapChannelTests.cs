using System.Globalization;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>A mailbox on Dovecot.</summary>
public sealed class ImapChannelTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    private const string Dovecot = "/usr/sbin/dovecot";
    private const string Package = "dovecot-imapd";

    [ServerFact(Dovecot, Package)]
    public async Task Attachments_are_taken_also_out_of_forwarded_mails_and_the_rest_is_moved_aside()
    {
        await using var box = await Mailbox.StartAsync();
        var adapter = await fixture.AddAdapterAsync();
        box.Deliver("plain", Mail("statement", Attachment("text/csv", "=?utf-8?B?w6V0dC5jc3Y=?=", ChannelFixture.Csv("A", 2))));
        box.Deliver("forwarded", Mail("Fwd: statement", "Content-Type: message/rfc822\r\n\r\n" + Mail("statement", Attachment("application/octet-stream", "day.csv", ChannelFixture.Csv("B", 3)), "inner")));
        box.Deliver("bounce", Bounce(Mail("our own mail", Attachment("text/csv", "ours.csv", ChannelFixture.Csv("X", 4)), "inner")));
        box.Deliver("chat", "From: someone@bank.example\r\nSubject: hello\r\n\r\nNo attachment here.\r\n");
        await fixture.SetAsync(adapter, "imap", box.Settings(), new { password = Mailbox.Password });

        await fixture.TakenAsync(adapter, 2);
        await fixture.AsideAsync(adapter, 2);
        await Eventually.TrueAsync(() => box.Count("") == 0, () => "not moved");
        Assert.Equal(5, await fixture.PaymentsAsync(adapter));
        Assert.Equal(1, await fixture.CountAsync($"files WHERE adapter_id = '{adapter}' AND name = 'ått.csv'"));
        Assert.Equal(2, box.Count(".MoMo-done"));
        // Each with a mail that says why.
        Assert.Equal(4, box.Count(".MoMo-failed"));
        Assert.Contains(box.Texts(".MoMo-failed"), text => text.Contains("report of a delivery", StringComparison.Ordinal));
        Assert.Contains(box.Texts(".MoMo-failed"), text => text.Contains("has no attachment", StringComparison.Ordinal));
    }

    [ServerFact(Dovecot, Package)]
    public async Task Mails_that_are_marked_stay_and_are_taken_once_and_strangers_mails_are_not()
    {
        await using var box = await Mailbox.StartAsync();
        var adapter = await fixture.AddAdapterAsync();
        box.Deliver("one", Mail("s", Attachment("text/csv", "a.csv", ChannelFixture.Csv("C", 1))));
        box.Deliver("stranger", Mail("s", Attachment("text/csv", "b.csv", ChannelFixture.Csv("D", 1))).Replace("someone@bank.example", "someone@elsewhere.example", StringComparison.Ordinal));
        await fixture.SetAsync(adapter, "imap", box.Settings("starttls", "mark", ["@bank.example"]), new { password = Mailbox.Password });
        await fixture.TakenAsync(adapter, 1);
        await fixture.AsideAsync(adapter, 1);
        await fixture.AnotherLookAsync(adapter);
        var channel = await fixture.ChannelAsync(adapter);
        Assert.Equal((1, 1, 1), (channel.GetProperty("taken").GetInt32(), channel.GetProperty("set_aside").GetInt32(), await fixture.PaymentsAsync(adapter)));
        Assert.Contains("whose mails are not taken", channel.GetProperty("aside_detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, box.Count(""));
    }

    [ServerFact(Dovecot, Package)]
    public async Task A_certificate_that_nobody_vouches_for_needs_its_pin_and_a_wrong_password_is_told()
    {
        await using var box = await Mailbox.StartAsync();
        var adapter = await fixture.AddAdapterAsync();
        await fixture.SetAsync(adapter, "imap", new { host = "127.0.0.1", port = box.TlsPort, user = "bank" }, new { password = Mailbox.Password });
        var tried = await fixture.TryAsync(adapter);
        Assert.False(tried.Json.GetProperty("works").GetBoolean());
        Assert.Contains(box.Pin.ToLowerInvariant(), tried.Text("detail"), StringComparison.Ordinal);

        await fixture.SetAsync(adapter, "imap", box.Settings(), new { password = "wrong" });
        Assert.Contains("does not let the hub in", (await fixture.TryAsync(adapter)).Text("detail"), StringComparison.Ordinal);
        await fixture.SetAsync(adapter, "imap", box.Settings(), new { password = Mailbox.Password });
        var right = await fixture.TryAsync(adapter);
        Assert.True(right.Json.GetProperty("works").GetBoolean(), right.ToString());
    }

    private static string Attachment(string type, string name, string text) => string.Create(CultureInfo.InvariantCulture, $"""
        Content-Type: {type}; name="{name}"
        Content-Disposition: attachment; filename="{name}"
        Content-Transfer-Encoding: base64

        {Convert.ToBase64String(Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks)}
        """).ReplaceLineEndings("\r\n");

    private static string Mail(string subject, string part, string boundary = "outer") => string.Create(CultureInfo.InvariantCulture, $"""
        From: A Bank <someone@bank.example>
        To: hub@momo.example
        Subject: {subject}
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="{boundary}"

        --{boundary}
        Content-Type: text/plain

        See the attachment.
        --{boundary}
        {part}
        --{boundary}--

        """).ReplaceLineEndings("\r\n");

    private static string Bounce(string original) => string.Create(CultureInfo.InvariantCulture, $"""
        From: MAILER-DAEMON@bank.example
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="outer"

        --outer
        Content-Type: message/delivery-status

        Status: 5.1.1
        --outer
        Content-Type: message/rfc822

        {original}
        --outer--

        """).ReplaceLineEndings("\r\n");

    /// <summary>A mailbox of one user, in a folder of files.</summary>
    private sealed class Mailbox(TestFolder place, ServerProgram server, int tlsPort, string pin) : IAsyncDisposable
    {
        public const string Password = "Pa55-for-tests";

        public int TlsPort => tlsPort;

        public string Pin => pin;

        public object Settings(string tls = "implicit", string after = "move", string[]? from = null) => new
        {
            host = "127.0.0.1", port = tls == "implicit" ? tlsPort : server.Port, user = "bank", tls, tls_pin = pin, after, from = from ?? ["@bank.example", "MAILER-DAEMON@bank.example"],
            pattern = "*.csv", interval_seconds = 5,
        };

        public void Deliver(string name, string mail)
        {
            var file = Path.Combine(place.Path, "mail", "new", name);
            File.WriteAllText(file, mail);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        }

        public int Count(string folder) => Files(folder).Count();

        public IEnumerable<string> Texts(string folder) => Files(folder).Select(File.ReadAllText);

        public static async Task<Mailbox> StartAsync()
        {
            var place = new TestFolder();
            var (port, tlsPort, pin) = (ServerProgram.FreePort(), ServerProgram.FreePort(), TestCertificate.Write(place.Path));
            foreach (var folder in new[] { "new", "cur", "tmp" }) Directory.CreateDirectory(Path.Combine(place.Path, "mail", folder));
            await ServerProgram.RunAsync("/bin/chown", "-R", "mail:mail", Path.Combine(place.Path, "mail"));
            await File.WriteAllTextAsync(Path.Combine(place.Path, "dovecot.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
                base_dir = {{place.Path}}/run
                state_dir = {{place.Path}}/state
                log_path = /dev/stderr
                protocols = imap
                listen = 127.0.0.1
                ssl = yes
                ssl_cert = <{{place.Path}}/cert.pem
                ssl_key = <{{place.Path}}/key.pem
                disable_plaintext_auth = no
                first_valid_uid = 8
                mail_location = maildir:{{place.Path}}/mail
                passdb {
                  driver = static
                  args = password={{Password}}
                }
                userdb {
                  driver = static
                  args = uid=mail gid=mail home={{place.Path}}/mail
                }
                service imap-login {
                  chroot =
                  inet_listener imap {
                    port = {{port}}
                  }
                  inet_listener imaps {
                    port = {{tlsPort}}
                    ssl = yes
                  }
                }

                """));
            return new Mailbox(place, await ServerProgram.StartAsync(Dovecot, port, "-F", "-c", Path.Combine(place.Path, "dovecot.conf")), tlsPort, pin);
        }

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            place.Dispose();
        }

        private IEnumerable<string> Files(string folder) => new[] { "new", "cur" }.Select(kind => Path.Combine(place.Path, "mail", folder, kind))
            .Where(Directory.Exists).SelectMany(Directory.GetFiles);
    }
}
