using System.Net;
using System.Net.Sockets;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Webhooks;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>Name servers that fail, lie or change their mind.</summary>
public sealed class NameServerTests
{
    private static readonly IPAddress Outside = IPAddress.Loopback; // Stands in for a public address: it alone is allowed.
    private static readonly IPAddress Inside = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task A_name_that_comes_to_point_inside_is_refused_on_the_next_connection()
    {
        await using var receiver = await Receiver.StartAsync(200);
        var answers = new Queue<IPAddress[]>([[Outside], [Inside], [Outside]]);
        using var webhook = Kind(_ => answers.Dequeue(), reuse: false);

        Assert.Equal(AttemptVerdict.Delivered, (await SendAsync(webhook, receiver)).Verdict);
        var rebound = await SendAsync(webhook, receiver);
        Assert.Equal(AttemptVerdict.Retry, rebound.Verdict);
        Assert.Contains("its address is in the loopback network", rebound.Error, StringComparison.Ordinal);
        Assert.Equal(AttemptVerdict.Delivered, (await SendAsync(webhook, receiver)).Verdict);
        Assert.Equal(2, receiver.Requests.Length);
    }

    [Fact]
    public async Task A_name_is_asked_for_once_so_that_it_cannot_change_between_judgement_and_connection()
    {
        using var inside = new TcpListener(Inside, 0);
        inside.Start();
        var asked = 0;
        using var webhook = Kind(_ => ++asked == 1 ? [Outside] : [Inside], reuse: false);

        // Nothing listens outside on this port: whoever asks the name again arrives inside.
        var result = await webhook.SendAsync(Sending.Message(Url(((IPEndPoint)inside.LocalEndpoint).Port)), CancellationToken.None);

        Assert.Equal("The receiver refused the connection: nothing listens there.", result.Error);
        Assert.Equal(1, asked);
        Assert.False(inside.Pending());
    }

    [Theory]
    [InlineData("127.0.0.1 127.0.0.2")]
    [InlineData("127.0.0.2 127.0.0.1")]
    [InlineData("127.0.0.1 10.0.0.1")]
    [InlineData("127.0.0.1 8.8.8.8 ::1")]
    [InlineData("127.0.0.1 ::ffff:127.0.0.2")]
    [InlineData("127.0.0.1 fe80::1%1")]
    [InlineData("127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 10.0.0.1")]
    public async Task One_address_inside_refuses_them_all(string addresses)
    {
        await using var receiver = await Receiver.StartAsync(200);
        using var webhook = Kind(_ => [.. addresses.Split(' ').Select(IPAddress.Parse)]);

        Assert.StartsWith("The hub may not connect to this host", (await SendAsync(webhook, receiver)).Error, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task An_address_that_does_not_answer_leaves_the_next_one_a_chance()
    {
        await using var receiver = await Receiver.StartAsync(200);
        IPAddress[] addresses = [Inside, IPAddress.IPv6Loopback, Outside];
        using var webhook = new WebhookKind(Sending.Loopback(), new HeldClock(Sending.Now), (_, _) => Task.FromResult(addresses));

        Assert.Equal(AttemptVerdict.Delivered, (await SendAsync(webhook, receiver)).Verdict);
    }

    [Fact]
    public async Task A_mapped_address_is_connected_to_as_what_it_is()
    {
        await using var receiver = await Receiver.StartAsync(200);
        using var webhook = Kind(_ => [Outside.MapToIPv6()]);
        Assert.Equal(AttemptVerdict.Delivered, (await SendAsync(webhook, receiver)).Verdict);
    }

    [Fact]
    public async Task An_open_connection_is_used_again_without_asking()
    {
        await using var receiver = await Receiver.StartAsync(200);
        var asked = 0;
        using var webhook = Kind(_ => ++asked == 1 ? [Outside] : [Inside]);
        for (var i = 0; i < 3; i++) Assert.Equal(AttemptVerdict.Delivered, (await SendAsync(webhook, receiver)).Verdict);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "The host's name does not exist in DNS.")]
    [InlineData(SocketError.NoData, "The host's name does not exist in DNS.")]
    [InlineData(SocketError.TryAgain, "DNS did not answer for the host's name.")]
    public async Task A_name_that_does_not_resolve_is_named(SocketError fault, string error)
    {
        using var webhook = Kind(_ => throw new SocketException((int)fault));
        var result = await webhook.SendAsync(Sending.Message(Url(80)), CancellationToken.None);
        Assert.Equal(new AttemptResult(AttemptVerdict.Retry, null, error, null) { Cause = result.Cause }, result);
    }

    [Fact]
    public async Task A_name_without_addresses_is_named()
    {
        using var webhook = Kind(_ => []);
        var result = await webhook.SendAsync(Sending.Message(Url(80)), CancellationToken.None);
        Assert.Equal("The host's name does not exist in DNS.", result.Error);
    }

    [Fact]
    public async Task A_name_server_that_says_nothing_is_left_in_time()
    {
        var options = Sending.Loopback();
        options.ConnectTimeout = TimeSpan.FromMilliseconds(100);
        using var webhook = new WebhookKind(options, new HeldClock(Sending.Now), async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return [];
        });

        var result = await webhook.SendAsync(Sending.Message(Url(80)), CancellationToken.None);

        Assert.Equal((AttemptVerdict.Retry, "The connection to the receiver could not be opened in time."), (result.Verdict, result.Error));
    }

    private static WebhookKind Kind(Func<string, IPAddress[]> resolve, bool reuse = true)
    {
        var options = Sending.Options("127.0.0.1/32");
        if (!reuse) options.ConnectionLifetime = TimeSpan.Zero;
        return new(options, new HeldClock(Sending.Now), async (host, _) =>
        {
            await Task.Yield();
            return resolve(host);
        });
    }

    private static Uri Url(int port) => new($"http://receiver.example:{port}/hook");

    private static Task<AttemptResult> SendAsync(WebhookKind webhook, Receiver receiver) =>
        webhook.SendAsync(Sending.Message(Url(receiver.Port)), CancellationToken.None);
}
