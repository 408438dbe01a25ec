using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MoMo.Tests.Support;

/// <summary>A wire that can be cut: passes TCP on to a server, wherever that is by now, and breaks all connections when told.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> open = new();
    private readonly Task accepting;
    private volatile EndPoint? target;

    public CutProxy(Uri target) : this(Of(target)!)
    {
    }

    public CutProxy(EndPoint target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens; ends in a slash.</summary>
    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    /// <summary>Connections that were made through it.</summary>
    public int Connections { get; private set; }

    /// <summary>Where it leads; null: nowhere.</summary>
    public void LeadTo(Uri? url) => target = Of(url);

    /// <summary>Where it leads again.</summary>
    public void LeadBackTo(EndPoint server) => target = server;

    /// <summary>Breaks all connections.</summary>
    public void Cut()
    {
        foreach (var one in open.Keys) one.Close(0);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptSocketAsync();
            Connections++;
            _ = PassAsync(client);
        }
    }

    private static DnsEndPoint? Of(Uri? url) => url is null ? null : new DnsEndPoint(url.Host, url.Port);

    private async Task PassAsync(Socket client)
    {
        var to = target;
        using var hub = to is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        open[client] = open[hub] = true;
        try
        {
            if (to is null) return;
            await hub.ConnectAsync(to);
            await using var here = new NetworkStream(client);
            await using var there = new NetworkStream(hub);
            await Task.WhenAny(here.CopyToAsync(there), there.CopyToAsync(here));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or nobody is there: the client notices.
        }
        finally
        {
            client.Dispose();
            open.TryRemove(client, out _);
            open.TryRemove(hub, out _);
        }
    }
}
