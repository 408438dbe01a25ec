using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MoMo.Tests.Support;

/// <summary>A wire that can be cut: passes TCP on to a hub, wherever that is by now, and breaks all connections when told.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly Task accepting;
    private volatile Uri? target;

    public CutProxy(Uri target)
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
    public void LeadTo(Uri? url) => target = url;

    /// <summary>Breaks all connections.</summary>
    public void Cut()
    {
        foreach (var one in open.Keys) one.Client?.Close(0); // null when it ended by itself meanwhile
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
            var client = await listener.AcceptTcpClientAsync();
            Connections++;
            _ = PassAsync(client);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var hub = new TcpClient { NoDelay = true };
        open[client] = open[hub] = true;
        try
        {
            if (target is not { } url) return;
            await hub.ConnectAsync(url.Host, url.Port);
            await Task.WhenAny(client.GetStream().CopyToAsync(hub.GetStream()), hub.GetStream().CopyToAsync(client.GetStream()));
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
