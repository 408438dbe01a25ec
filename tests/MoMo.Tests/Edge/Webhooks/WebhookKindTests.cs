using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Edge.Webhooks;

public sealed class WebhookKindTests
{
    [Fact]
    public async Task A_receiver_can_verify_what_arrives()
    {
        await using var receiver = await Receiver.StartAsync(204);
        using var activity = new Activity("a trace of the hub's own").Start();

        var result = await Sending.SendAsync(new Uri(receiver.Url, "?a=b"));

        Assert.Equal(new AttemptResult(AttemptVerdict.Delivered, 204, null, null), result);
        var request = Assert.Single(receiver.Requests);
        Assert.Equal(("POST", "/hook?a=b", "HTTP/1.1"), (request.Method, request.Target, request.Protocol));
        Assert.Equal(Sending.Body, request.Body);
        Assert.Equal("0198c0de-0000-7000-8000-00000000abcd", request.Header("webhook-id"));
        Assert.Equal(Sending.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), request.Header("webhook-timestamp"));
        Assert.True(request.IsSignedWith(Sending.Key));
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.Equal("MoMo/0.1.0", request.Header("User-Agent"));
        Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-signature", "webhook-timestamp"],
            request.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task During_a_rotation_either_secret_verifies()
    {
        await using var receiver = await Receiver.StartAsync(200);
        var older = new byte[24];
        using var webhook = Sending.Kind(Sending.Loopback());

        await webhook.SendAsync(Sending.Message(receiver.Url) with { Secrets = [Sending.Key, older] }, CancellationToken.None);

        var request = Assert.Single(receiver.Requests);
        Assert.All([Sending.Key, older], key => Assert.True(request.IsSignedWith(key)));
        Assert.False(request.IsSignedWith("a key that nobody ever had"u8.ToArray()));
    }

    [Theory]
    [InlineData(200, AttemptVerdict.Delivered)]
    [InlineData(201, AttemptVerdict.Delivered)]
    [InlineData(202, AttemptVerdict.Delivered)]
    [InlineData(299, AttemptVerdict.Delivered)]
    [InlineData(304, AttemptVerdict.Retry)]
    [InlineData(400, AttemptVerdict.Retry)]
    [InlineData(401, AttemptVerdict.Retry)]
    [InlineData(404, AttemptVerdict.Retry)]
    [InlineData(410, AttemptVerdict.Gone)]
    [InlineData(429, AttemptVerdict.Retry)]
    [InlineData(500, AttemptVerdict.Retry)]
    [InlineData(502, AttemptVerdict.Retry)]
    [InlineData(599, AttemptVerdict.Retry)]
    public async Task The_status_decides(int status, AttemptVerdict verdict)
    {
        await using var receiver = await Receiver.StartAsync(status);
        var result = await Sending.SendAsync(receiver.Url);

        Assert.Equal((verdict, status), (result.Verdict, result.Status));
        Assert.Equal(verdict == AttemptVerdict.Delivered, result.Error is null);
        if (result.Error is not null) Assert.Contains($"{status}", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_a_failure_and_not_followed(int status)
    {
        await using var receiver = await Receiver.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });

        var result = await Sending.SendAsync(receiver.Url);

        Assert.Equal((AttemptVerdict.Retry, status), (result.Verdict, result.Status));
        Assert.Contains("redirect", result.Error, StringComparison.Ordinal);
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData("120", "00:02:00")]
    [InlineData("2147483647", "24855.03:14:07")]
    [InlineData("Tue, 03 Nov 2026 12:10:00 GMT", "00:10:00")]
    [InlineData("Tue, 03 Nov 2026 11:59:59 GMT", null)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("99999999999999999999", null)]
    public async Task A_receiver_can_ask_for_time_in_seconds_or_with_a_date(string header, string? expected)
    {
        await using var receiver = await Receiver.StartAsync(http =>
        {
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = header;
            return Task.CompletedTask;
        });

        var result = await Sending.SendAsync(receiver.Url);

        Assert.Equal((AttemptVerdict.Retry, 429), (result.Verdict, result.Status));
        Assert.Equal(expected is null ? null : TimeSpan.Parse(expected, CultureInfo.InvariantCulture), result.RetryAfter);
    }

    [Fact]
    public async Task Small_answers_leave_the_connection_open_for_the_next_delivery()
    {
        await using var receiver = await Receiver.StartAsync(http => http.Response.WriteAsync(new string('x', 4_000)));
        using var webhook = Sending.Kind(Sending.Loopback());
        for (var i = 0; i < 5; i++) await webhook.SendAsync(Sending.Message(receiver.Url), CancellationToken.None);

        Assert.Single(receiver.Requests.Select(request => request.Connection).Distinct());
    }

    [Fact]
    public async Task Cookies_are_not_kept()
    {
        await using var receiver = await Receiver.StartAsync(http =>
        {
            http.Response.Headers.SetCookie = "session=1; Path=/";
            return Task.CompletedTask;
        });
        using var webhook = Sending.Kind(Sending.Loopback());
        for (var i = 0; i < 2; i++) await webhook.SendAsync(Sending.Message(receiver.Url), CancellationToken.None);

        Assert.All(receiver.Requests, request => Assert.False(request.Headers.ContainsKey("Cookie")));
    }

    [Fact]
    public async Task Where_HTTPS_is_required_an_older_plain_URL_is_not_called()
    {
        await using var receiver = await Receiver.StartAsync(200);
        var options = Sending.Loopback();
        options.RequireHttps = true;

        var result = await Sending.SendAsync(receiver.Url, options);

        Assert.Equal((AttemptVerdict.Retry, "This hub only calls https URLs."), (result.Verdict, result.Error));
        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("hook")]
    public async Task What_is_not_HTTP_is_not_called(string url) =>
        Assert.Equal(AttemptVerdict.Retry, (await Sending.SendAsync(new Uri(url, UriKind.RelativeOrAbsolute))).Verdict);
}
