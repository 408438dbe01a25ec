using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MoMo.Simulator.Real;

/// <summary>
/// A net between a client and a server that can fail: a port of loopback whose connections are carried to the server, later than sent, only one
/// way, not at all, or not to the end.
/// </summary>
internal sealed class Proxy : IAsyncDisposable
{
    private const int Backlog = 256;

    private readonly Func<EndPoint> target;
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<ProxyLink, Task> links = new();
    private readonly Gate door = new();
    private readonly Task accepting;
    private long delayTicks;

    /// <param name="target">Where the server is now.</param>
    public Proxy(Func<EndPoint> target)
    {
        this.target = target;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Backlog);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>How late every piece arrives. Zero in the beginning.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref delayTicks));
        set => Interlocked.Exchange(ref delayTicks, value.Ticks);
    }

    /// <summary>Connections that are carried now.</summary>
    public int Links => links.Count;

    /// <summary>The server of a PostgreSQL connection: its host is the folder of a socket, or an address.</summary>
    public static EndPoint PostgresAt(string host, int port) => host.StartsWith('/')
        ? new UnixDomainSocketEndPoint(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{host}/.s.PGSQL.{port}"))
        : new IPEndPoint(IPAddress.Parse(host), port);

    /// <summary>Resets connections.</summary>
    /// <param name="chosen">Which; all by default.</param>
    /// <returns>How many.</returns>
    public int Cut(Func<bool>? chosen = null)
    {
        var cut = links.Keys.Where(_ => chosen?.Invoke() ?? true).ToArray();
        foreach (var link in cut) link.Cut();
        return cut.Length;
    }

    /// <summary>Stops one way of the connections that are there now. Nobody is told; new connections are carried as ever.</summary>
    /// <param name="way">What does not arrive any more.</param>
    /// <param name="chosen">Which connections; all by default.</param>
    /// <returns>Those connections, to be let go or cut.</returns>
    public IReadOnlyList<ProxyLink> Mute(Way way, Func<bool>? chosen = null)
    {
        var muted = links.Keys.Where(_ => chosen?.Invoke() ?? true).ToArray();
        foreach (var link in muted) link.Stop(way, stopped: true);
        return muted;
    }

    /// <summary>Stops everything: nothing arrives, and new connections wait to be carried.</summary>
    public void Stall()
    {
        door.Set(open: false);
        Mute(Way.Both);
    }

    /// <summary>Ends every trouble: what waits is carried, in order.</summary>
    public void Calm()
    {
        Delay = TimeSpan.Zero;
        door.Set(open: true);
        foreach (var link in links.Keys) link.Stop(Way.Both, stopped: false);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        Calm();
        await accepting;
        Cut();
        await Task.WhenAll(links.Values);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                client.NoDelay = true;
                _ = CarryAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        await door.PassAsync();
        var server = await ConnectAsync();
        if (server is null)
        {
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
            return;
        }

        var link = new ProxyLink(client, server, () => Delay);
        // Its place is taken before it runs, so that one which ends at once finds it.
        links[link] = Task.CompletedTask;
        var running = link.RunAsync();
        links.TryUpdate(link, running, Task.CompletedTask);
        await running;
        links.TryRemove(link, out _);
    }

    /// <summary>The server's side of a new connection; null when it does not answer.</summary>
    private async Task<Socket?> ConnectAsync()
    {
        var place = target();
        var isUnix = place.AddressFamily == AddressFamily.Unix;
        var server = new Socket(place.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(place);
            if (!isUnix) server.NoDelay = true;
            return server;
        }
        catch (SocketException)
        {
            server.Dispose();
            return null;
        }
    }
}
