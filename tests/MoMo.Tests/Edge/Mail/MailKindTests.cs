using System.Text;
using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Channels;
using MoMo.Edge.Mail;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Edge.Mail;

/// <summary>What goes over the line to a mail server, and what its answers mean.</summary>
public sealed class MailKindTests
{
    [Theory]
    [InlineData("starttls", "PLAIN")]
    [InlineData("implicit", "LOGIN")]
    [InlineData("none", "PLAIN LOGIN")]
    public async Task Connections_are_secured_and_logged_in_as_configured(string tls, string auth)
    {
        await using var test = new MailUnderTest(tls);
        test.Sink.Auth = auth;
        var result = await test.SendAsync(1);
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        Assert.Equal([$"momo {MailUnderTest.Password}"], test.Sink.Logins);
        Assert.Contains("RCPT TO:<ops@acme.example>", test.Sink.Commands);
        Assert.Contains(test.Sink.Commands, command => command.StartsWith("MAIL FROM:<payments@hub.example> SIZE=", StringComparison.Ordinal));
        Assert.Equal("EHLO [127.0.0.1]", test.Sink.Commands.First());
    }

    [Fact]
    public async Task Messages_are_short_lines_of_ascii_and_say_the_same_to_people_and_programs()
    {
        await using var test = new MailUnderTest();
        await test.SendAsync(1);
        var mail = Assert.Single(test.Sink.Mails);
        Assert.All(mail.Split("\r\n"), line => Assert.True(line.Length <= 78 && line.All(letter => letter is >= ' ' and <= '~'), line));
        var (head, parts) = Split(mail);
        Assert.Contains("Date: Tue, 03 Nov 2026 12:00:00 +0000\r\n", head, StringComparison.Ordinal);
        Assert.Contains("From: =?utf-8?B?SHViIMOc?=\r\n <payments@hub.example>\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Subject: Payment 1 for acme: 1250.50 KES\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"Message-ID: <{KindUnderTest.Id(1)}@hub.example>\r\n", head, StringComparison.Ordinal);
        Assert.Contains("=C5=BDofia", parts[0], StringComparison.Ordinal);
        Assert.Contains("Reference      4711\r\n", parts[0], StringComparison.Ordinal);
        var json = Attachment(parts[1]);
        Assert.Equal(KindUnderTest.Id(1), json.GetProperty("delivery_id").GetGuid());
        Assert.Equal("1250.50", json.GetProperty("data").GetProperty("amount").GetString());
    }

    [Fact]
    public async Task A_batch_is_one_message_with_an_id_of_its_own_that_only_the_same_batch_has()
    {
        await using var test = new MailUnderTest();
        await test.SendAsync(1, 2);
        await test.SendAsync(1, 2);
        await test.SendAsync(1, 2, 3);
        var ids = test.Sink.Mails.Select(mail => Split(mail).Head.Split("\r\n").Single(line => line.StartsWith("Message-ID:", StringComparison.Ordinal))).ToArray();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
        Assert.Contains("Subject: 3 payments for acme\r\n", test.Sink.Mails[2], StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], Attachment(Split(test.Sink.Mails[2]).Parts[1]).EnumerateArray().Select(one => one.GetProperty("data").GetProperty("sequence").GetInt32()));
    }

    [Theory]
    [InlineData("RCPT", "450 4.2.1 busy", DeliveryCause.AccountUnreachable)]
    [InlineData("RCPT", "550 5.1.1 no such user", DeliveryCause.AccountRejected)]
    [InlineData("DOT", "554 5.7.1 looks like spam", DeliveryCause.AccountRejected)]
    [InlineData("RCPT", "452 4.2.2 mailbox full", DeliveryCause.AccountUnreachable)]
    [InlineData("DOT", "451 4.2.0 later", DeliveryCause.AccountUnreachable)]
    [InlineData("DOT", "552 5.2.2 mailbox full", DeliveryCause.AccountRejected)]
    [InlineData("DOT", "552 5.3.4 message too big", DeliveryCause.AccountRejected)]
    [InlineData("DOT", "552-5.3.4 message too big\r\n552 5.3.4 for us", DeliveryCause.AccountRejected)]
    [InlineData("DOT", "452 4.3.1 disk full", DeliveryCause.HubFault)]
    [InlineData("DOT", "554 5.3.42 what is to come", DeliveryCause.HubFault)]
    [InlineData("RCPT", "421 closing", DeliveryCause.HubFault)]
    [InlineData("AUTH", "535 5.7.8 wrong: Xq-pass", DeliveryCause.HubFault)]
    [InlineData("MAIL", "550 5.7.1 not you", DeliveryCause.HubFault)]
    [InlineData("AUTH", "454 4.7.0 later", DeliveryCause.HubFault)]
    [InlineData("MAIL", "451 4.7.1 too many", DeliveryCause.HubFault)]
    [InlineData("MAIL", "552 message size exceeds fixed maximum message size", DeliveryCause.AccountRejected)]
    [InlineData("MAIL", "550 5.3.4 message too big", DeliveryCause.AccountRejected)]
    [InlineData("MAIL", "552 5.3.1 disk full", DeliveryCause.HubFault)]
    [InlineData("CONNECT", "554 not today", DeliveryCause.HubFault)]
    [InlineData("CONNECT", "HTTP/1.1 400 Bad Request", DeliveryCause.HubFault)]
    public async Task Answers_have_their_causes(string to, string answer, DeliveryCause cause)
    {
        await using var test = new MailUnderTest();
        test.Sink.Answers[to] = answer;
        var result = await test.SendAsync(1);
        Assert.Equal((AttemptVerdict.Retry, cause), (result.Verdict, result.Cause));
        Assert.DoesNotContain("Xq-", result.Error, StringComparison.Ordinal);
        Assert.Empty(test.Sink.Mails);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("unencrypted")]
    [InlineData("another")]
    [InlineData("silent from the start")]
    [InlineData("silent after DATA")]
    [InlineData("broken off after DATA")]
    [InlineData("in no network")]
    [InlineData("without its password")]
    public async Task Trouble_with_the_operators_server_is_the_hubs_own_and_is_not_held_against_an_account(string trouble)
    {
        await using var test = trouble switch
        {
            "unencrypted" => new MailUnderTest("none", options => options.Tls = "starttls"),
            "another" => new MailUnderTest("implicit", options => options.TlsPin = new string('0', 64)),
            "in no network" => new MailUnderTest("none", options => options.AllowedNetworks.Clear()),
            "without its password" => new MailUnderTest("none", options => (options.Password, options.PasswordFile) = (null, "/nowhere/password")),
            _ => new MailUnderTest(),
        };
        if (trouble == "gone") await test.LeaveAsync();
        if (trouble == "silent from the start") await test.FallSilentAsync();
        if (trouble == "silent after DATA") test.Sink.SilentAt = "DOT";
        if (trouble == "broken off after DATA") test.Sink.BrokenAt = "DOT";
        var result = await test.SendAsync(1);
        Assert.Equal((AttemptVerdict.Retry, DeliveryCause.HubFault), (result.Verdict, result.Cause));
        Assert.NotEmpty(result.Error!);
    }

    [Fact]
    public async Task A_server_that_has_the_message_may_be_silent_for_longer_than_before()
    {
        static void Change(MailOptions options) => (options.SilenceMax, options.Timeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));
        await using var slow = new MailUnderTest(change: Change);
        await using var silent = new MailUnderTest(change: Change);
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.Sink.AnswersAfter = looked.Task;
        silent.Sink.SilentAt = "RCPT";
        var sending = slow.SendAsync(1);
        Assert.Same(slow.Sink.HasMessage, await Task.WhenAny(slow.Sink.HasMessage, sending));
        // Begun after it, and given up for its silence: the first has been silent for longer.
        Assert.Contains("was silent for 2 s", (await silent.SendAsync(1)).Error, StringComparison.Ordinal);
        looked.SetResult();
        var result = await sending;
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        Assert.Single(slow.Sink.Mails);
    }

    [Fact]
    public async Task A_message_goes_out_in_pieces_each_of_which_may_take_its_time()
    {
        var bytes = Enumerable.Range(0, 100_000).Select(number => (byte)(number % 251)).ToArray();
        await using var written = new PiecedSink();
        await using var stream = new PatientStream(written, TimeSpan.FromMinutes(1));
        await stream.WriteAsync(bytes);
        Assert.Equal(bytes, written.ToArray());
        Assert.Equal(100_000 / PatientStream.PieceMax + 1, written.Limits.Count);
        Assert.Equal(written.Limits.Count, written.Limits.Distinct().Count());
    }

    [Fact]
    public async Task Nothing_is_said_in_the_clear_that_was_to_be_secured_or_is_not_allowed()
    {
        await using var stripped = new MailUnderTest("none", options => options.Tls = "starttls");
        Assert.Contains("no TLS", (await stripped.SendAsync(1)).Error, StringComparison.Ordinal);
        await using var other = new MailUnderTest("implicit", options => options.TlsPin = new string('0', 64));
        Assert.Contains("certificate", (await other.SendAsync(1)).Error, StringComparison.Ordinal);
        await using var plain = new MailUnderTest("none", options => options.AllowedNetworks.Clear());
        Assert.Equal(AttemptVerdict.Retry, (await plain.SendAsync(1)).Verdict);
        Assert.Empty(stripped.Sink.Logins.Concat(other.Sink.Logins).Concat(plain.Sink.Logins));
    }

    [Theory]
    [InlineData("a\r\n.b\r\n..c\r\n", "a\r\n..b\r\n...c\r\n.\r\n")]
    [InlineData("", ".\r\n")]
    [InlineData(".", "..\r\n.\r\n")]
    public void Dots_are_stuffed(string message, string sent) => Assert.Equal(sent, Encoding.ASCII.GetString(DotStuffing.Of(Encoding.ASCII.GetBytes(message))));

    [Theory]
    [InlineData("ops@acme.example", "ops@acme.example")]
    [InlineData("o.p-s+momo@b\u00fccher.example", "o.p-s+momo@xn--bcher-kva.example")]
    [InlineData("a@b@c.example", null)]
    [InlineData("a b@c.example", null)]
    [InlineData("a@c.example\r\nBcc: x@y.example", null)]
    [InlineData("a>@c.example", null)]
    [InlineData(".a@c.example", null)]
    [InlineData("a@localhost", null)]
    [InlineData("a@127.0.0.1", null)]
    public void Addresses_are_what_every_server_takes(string text, string? address) => Assert.Equal(address, MailAddress.Find(text)?.ToString());

    [Fact]
    public void Long_words_and_lines_are_cut_without_breaking_a_letter()
    {
        var text = string.Concat(Enumerable.Repeat("\u00fc\ud83d\ude42", 60));
        Assert.All(EncodedWords.Of(text).Split("\r\n "), word => Assert.InRange(word.Length, 1, 75));
        Assert.Equal(text, string.Concat(EncodedWords.Of(text).Split("\r\n ").Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word["=?utf-8?B?".Length..^2])))));
        Assert.Equal("a=20\r\n=3D\r\n", EncodedWords.QuotedPrintable("a \n="));
        Assert.All(EncodedWords.QuotedPrintable(text).Split("\r\n"), line => Assert.InRange(line.Length, 0, 76));
    }

    /// <summary>Remembers what would have ended each write.</summary>
    private sealed class PiecedSink : MemoryStream
    {
        public List<CancellationToken> Limits { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Limits.Add(cancellationToken);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    private static (string Head, string[] Parts) Split(string mail)
    {
        var boundary = mail.Split("boundary=\"")[1].Split('"')[0];
        var parts = mail.Split($"--{boundary}");
        return (parts[0], parts[1..^1]);
    }

    private static JsonElement Attachment(string part) =>
        JsonElement.Parse(Convert.FromBase64String(part.Split("\r\n\r\n")[1].Replace("\r\n", "", StringComparison.Ordinal)));
}
