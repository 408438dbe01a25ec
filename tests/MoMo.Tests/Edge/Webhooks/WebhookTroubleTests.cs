using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Webhooks;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>Receivers that are slow, broken or hostile: an attempt always ends in time, with a sentence.</summary>
public sealed class WebhookTroubleTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task A_receiver_that_says_nothing_is_left_in_time()
    {
        await using var receiver = await Receiver.StartAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        var result = await SendHastilyAsync(receiver.Url);
        Assert.Equal(new AttemptResult(AttemptVerdict.Retry, null, "The receiver did not answer within 0.25 s.", null) { Cause = DeliveryCause.AccountUnreachable }, result);
    }

    [Fact]
    public async Task Each_attempt_has_the_whole_time_whatever_became_of_those_before()
    {
        var silent = false;
        await using var receiver = await Receiver.StartAsync(http => silent ? Task.Delay(Timeout.Infinite, http.RequestAborted) : Task.CompletedTask);
        var options = Sending.Loopback();
        options.Timeout = Short;
        using var webhook = Sending.Kind(options);
        using var stopping = new CancellationTokenSource();
        await Eventually.TrueAsync(() => ArrivesAsync(CancellationToken.None), () => "one arrives in time");
        silent = true;
        Assert.Equal("The receiver did not answer within 0.25 s.", (await webhook.SendAsync(Sending.Message(receiver.Url), CancellationToken.None)).Error);
        Assert.Equal("The receiver did not answer within 0.25 s.", (await webhook.SendAsync(Sending.Message(receiver.Url), stopping.Token)).Error);
        var abandoned = webhook.SendAsync(Sending.Message(receiver.Url), stopping.Token);
        await stopping.CancelAsync();
        await Record.ExceptionAsync(() => abandoned);
        silent = false;
        // One that was abandoned or was late takes no other with it.
        await Eventually.TrueAsync(() => ArrivesAsync(CancellationToken.None), () => "one arrives in time again");

        async Task<bool> ArrivesAsync(CancellationToken cancellation) =>
            (await webhook.SendAsync(Sending.Message(receiver.Url), cancellation)).Verdict == AttemptVerdict.Delivered;
    }

    [Fact]
    public async Task A_receiver_that_dribbles_its_headers_is_left_in_time()
    {
        await using var receiver = new RawReceiver((socket, cancellation) =>
            DribbleAsync(socket, "HTTP/1.1 200 OK\r\nX-Slow: ", cancellation));
        var result = await SendHastilyAsync(receiver.Url);
        Assert.Equal(new AttemptResult(AttemptVerdict.Retry, null, "The receiver did not answer within 0.25 s.", null) { Cause = DeliveryCause.AccountUnreachable }, result);
    }

    [Fact]
    public async Task A_receiver_that_goes_on_promising_runs_out_of_headers()
    {
        await using var receiver = new RawReceiver(async (socket, cancellation) =>
        {
            while (true) await socket.SendAsync("HTTP/1.1 102 Processing\r\n\r\n"u8.ToArray(), cancellation);
        });
        var result = await Sending.SendAsync(receiver.Url);
        Assert.Equal(new AttemptResult(AttemptVerdict.Retry, null, "The answer's headers are longer than 16 kB.", null) { Cause = DeliveryCause.AccountUnreachable }, result);
    }

    [Fact]
    public async Task A_body_that_dribbles_after_its_status_has_been_delivered_all_the_same()
    {
        await using var receiver = new RawReceiver((socket, cancellation) =>
            DribbleAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", cancellation));
        var result = await SendHastilyAsync(receiver.Url);
        Assert.Equal(new AttemptResult(AttemptVerdict.Delivered, 200, null, null), result with { Excerpt = null });
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc", AttemptVerdict.Delivered, 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", AttemptVerdict.Delivered, 200)]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 1000\r\n\r\nabc", AttemptVerdict.Retry, 500)]
    [InlineData("HTTP/1.1 200 O", AttemptVerdict.Retry, null)]
    [InlineData("", AttemptVerdict.Retry, null)]
    public async Task A_connection_that_is_reset_counts_for_what_was_said_before(string said, AttemptVerdict verdict, int? status)
    {
        await using var receiver = new RawReceiver(async (socket, cancellation) =>
        {
            if (said.Length > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(said), cancellation);
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        });
        var result = await Sending.SendAsync(receiver.Url);
        Assert.Equal((verdict, status), (result.Verdict, result.Status));
        if (status is null) Assert.StartsWith("The receiver broke the connection off", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_answer_is_hung_up_on()
    {
        var hungUp = new TaskCompletionSource();
        await using var receiver = await Receiver.StartAsync(async http =>
        {
            var block = new byte[65_536];
            try
            {
                while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(block, http.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // As it should be.
            }

            hungUp.SetResult();
        });

        var result = await Sending.SendAsync(receiver.Url);

        Assert.Equal(AttemptVerdict.Delivered, result.Verdict);
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Of_a_huge_answer_four_kilobytes_are_kept()
    {
        await using var receiver = await Receiver.StartAsync(async http =>
        {
            http.Response.StatusCode = 500;
            await http.Response.Body.WriteAsync("a\0b\e[31m\u2028\u202E\n"u8.ToArray());
            await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 10_000_000)), http.RequestAborted);
        });

        var result = await Sending.SendAsync(receiver.Url);

        Assert.Equal((AttemptVerdict.Retry, 500), (result.Verdict, result.Status));
        // Of 4,096 bytes are left out the two that control terminals, and the six of an end of a line and of a mark that turns the direction of text.
        Assert.Equal($"ab[31m\n{new string('x', GuardedHttp.ResponseBytesMax - 15)}", result.Excerpt);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "The receiver's answer is not HTTP.")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n", "The receiver's answer is not HTTP.")]
    [InlineData("HTTP/1.1 200 OK\r\nNot a header\r\n\r\n", "The receiver's answer is not HTTP.")]
    public async Task What_is_not_HTTP_is_named(string said, string error)
    {
        await using var receiver = new RawReceiver(said);
        Assert.Equal(new AttemptResult(AttemptVerdict.Retry, null, error, null) { Cause = DeliveryCause.AccountUnreachable }, await Sending.SendAsync(receiver.Url));
    }

    [Fact]
    public async Task Headers_have_a_limit()
    {
        await using var receiver = new RawReceiver("HTTP/1.1 200 OK\r\nX-Long: " + new string('x', 40_000) + "\r\n\r\n");
        Assert.Equal("The answer's headers are longer than 16 kB.", (await Sending.SendAsync(receiver.Url)).Error);
    }

    [Fact]
    public async Task A_closed_port_is_named()
    {
        Uri url;
        await using (var receiver = await Receiver.StartAsync(200)) url = receiver.Url;
        Assert.Equal("The receiver refused the connection: nothing listens there.", (await Sending.SendAsync(url)).Error);
    }

    [Fact]
    public async Task A_certificate_that_nobody_signed_is_refused()
    {
        using var certificate = SelfSigned();
        await using var receiver = await Receiver.StartAsync(_ => Task.CompletedTask, certificate);

        var result = await Sending.SendAsync(receiver.Url);

        Assert.Equal((AttemptVerdict.Retry, null), (result.Verdict, result.Status));
        Assert.StartsWith("TLS failed: the receiver's certificate", result.Error, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_certificate_that_is_trusted_is_checked_against_the_name_in_the_URL()
    {
        using var certificate = SelfSigned();
        await using var receiver = await Receiver.StartAsync(_ => Task.CompletedTask, certificate);
        using var handler = GuardedHttp.CreateHandler(Sending.Loopback(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        using var http = new HttpClient(handler);

        using var answer = await http.GetAsync(new Uri($"https://receiver.example:{receiver.Port}/"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri($"https://other.example:{receiver.Port}/")));
    }

    [Fact]
    public async Task HTTP_on_an_HTTPS_URL_is_named()
    {
        await using var receiver = await Receiver.StartAsync(200);
        var result = await Sending.SendAsync(new Uri($"https://127.0.0.1:{receiver.Port}/"));
        Assert.StartsWith("TLS failed:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_caller_can_break_off()
    {
        using var stop = new CancellationTokenSource();
        await using var receiver = await Receiver.StartAsync(async http =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var webhook = Sending.Kind(Sending.Loopback());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => webhook.SendAsync(Sending.Message(receiver.Url), stop.Token));
    }

    [Fact]
    public async Task Errors_say_nothing_of_the_URL_and_its_token()
    {
        await using var receiver = await Receiver.StartAsync(500);
        string[] urls = [$"{receiver.Url}?hunter2", "http://127.0.0.1:1/?hunter2", "http://10.1.2.3/?hunter2", "https://hunter2.invalid/"];
        foreach (var url in urls)
        {
            var error = (await Sending.SendAsync(new Uri(url))).Error!;
            Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
            Assert.DoesNotContain("10.1.2.3", error, StringComparison.Ordinal);
            Assert.InRange(error.Length, 1, 500);
        }
    }

    /// <summary>Sends with a short timeout and holds the attempt to it, with time to spare for a busy machine.</summary>
    private static async Task<AttemptResult> SendHastilyAsync(Uri url)
    {
        var options = Sending.Loopback();
        options.Timeout = Short;
        var start = TimeProvider.System.GetTimestamp();
        var result = await Sending.SendAsync(url, options);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, Short * 20);
        return result;
    }

    /// <summary>A byte now and then, so that each one comes before any timeout that starts anew with it.</summary>
    private static async Task DribbleAsync(Socket socket, string start, CancellationToken cancellation)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(start), cancellation);
        using var tick = new PeriodicTimer(Short / 5);
        while (await tick.WaitForNextTickAsync(cancellation)) await socket.SendAsync("x"u8.ToArray(), cancellation);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=receiver.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("receiver.example");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
