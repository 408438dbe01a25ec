using System.Net;
using System.Net.Sockets;

namespace MoMo.Tests.Simulator;

/// <summary>The net that fails, on real sockets.</summary>
public sealed class ProxyTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(150);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Proxy proxy = null!;
    private Socket server = null!;

    public async Task InitializeAsync()
    {
        listener.Start();
        proxy = new Proxy(() => listener.LocalEndpoint);
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port);
        server = await listener.AcceptSocketAsync();
    }

    public async Task DisposeAsync()
    {
        Dispose();
        await proxy.DisposeAsync();
    }

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
        listener.Dispose();
    }

    [Fact]
    public async Task Bytes_are_carried_both_ways_and_so_is_the_end()
    {
        await SendAsync(client, 1);
        Assert.Equal(1, await ReceiveAsync(server));
        await SendAsync(server, 2);
        Assert.Equal(2, await ReceiveAsync(client));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(-1, await ReceiveAsync(server));
        await SendAsync(server, 3);
        Assert.Equal(3, await ReceiveAsync(client));
    }

    [Fact]
    public async Task A_cut_resets_both_sides_and_new_connections_work()
    {
        await SendAsync(client, 1);
        Assert.Equal(1, await ReceiveAsync(server));
        Assert.Equal(1, proxy.Cut());
        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client))).SocketErrorCode);
        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(server))).SocketErrorCode);

        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await next.ConnectAsync(IPAddress.Loopback, proxy.Port);
        using var other = await listener.AcceptSocketAsync();
        await SendAsync(next, 2);
        Assert.Equal(2, await ReceiveAsync(other));
    }

    [Fact]
    public async Task Half_closed_one_way_stops_and_nobody_is_told()
    {
        await SendAsync(client, 1);
        Assert.Equal(1, await ReceiveAsync(server));
        Assert.Single(proxy.Mute(Way.ToServer));
        await SendAsync(client, 2);
        var waiting = ReceiveAsync(server);
        await SendAsync(server, 3);
        Assert.Equal(3, await ReceiveAsync(client));
        client.Shutdown(SocketShutdown.Send);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting.WaitAsync(Soon));

        proxy.Calm();
        Assert.Equal(2, await waiting);
        Assert.Equal(-1, await ReceiveAsync(server));
    }

    [Fact]
    public async Task A_client_that_breaks_off_behind_a_stopped_way_is_not_missed_by_the_server()
    {
        await SendAsync(client, 1);
        Assert.Equal(1, await ReceiveAsync(server));
        var muted = proxy.Mute(Way.ToServer);
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        var waiting = ReceiveAsync(server);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting.WaitAsync(Soon));
        Assert.Single(muted).Cut();
        await Assert.ThrowsAsync<SocketException>(() => waiting);
    }

    [Fact]
    public async Task Stalled_nothing_arrives_and_new_connections_wait()
    {
        await SendAsync(client, 1);
        Assert.Equal(1, await ReceiveAsync(server));
        proxy.Stall();
        await SendAsync(client, 2);
        var waiting = ReceiveAsync(server);
        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await next.ConnectAsync(IPAddress.Loopback, proxy.Port);
        var accepting = listener.AcceptSocketAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => Task.WhenAny(waiting, accepting).WaitAsync(Soon));

        proxy.Calm();
        Assert.Equal(2, await waiting);
        using var other = await accepting;
    }

    [Fact]
    public async Task A_delay_holds_for_every_piece()
    {
        proxy.Delay = Soon;
        var began = TimeProvider.System.GetTimestamp();
        await SendAsync(client, 1);
        Assert.Equal(1, await ReceiveAsync(server));
        await SendAsync(server, 2);
        Assert.Equal(2, await ReceiveAsync(client));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), 1.9 * Soon, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_server_that_is_not_there_resets_whoever_comes()
    {
        await using var nowhere = new Proxy(() => Proxy.PostgresAt("/nonexistent", 5432));
        using var one = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await one.ConnectAsync(IPAddress.Loopback, nowhere.Port);
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(one));
    }

    private static async Task SendAsync(Socket socket, byte one) => Assert.Equal(1, await socket.SendAsync(new[] { one }, SocketFlags.None));

    /// <summary>One byte, or -1 at the end.</summary>
    private static async Task<int> ReceiveAsync(Socket socket)
    {
        var bytes = new byte[1];
        return await socket.ReceiveAsync(bytes, SocketFlags.None) == 1 ? bytes[0] : -1;
    }
}
