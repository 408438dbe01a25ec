using System.Net.Sockets;

namespace MoMo.Simulator.Real;

/// <summary>One connection through a <see cref="Proxy"/>: two sockets, and a pump for each way.</summary>
internal sealed class ProxyLink(Socket client, Socket server, Func<TimeSpan> delay)
{
    private const int ChunkMax = 64 * 1024;

    private readonly Gate toServer = new();
    private readonly Gate toClient = new();
    private int closed;

    /// <summary>Carries bytes until both sides have ended, or one broke off.</summary>
    public async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(PumpAsync(client, server, toServer), PumpAsync(server, client, toClient));
        }
        finally
        {
            Close(reset: false);
        }
    }

    /// <summary>Stops ways, or lets them go on. While a way is stopped, neither bytes nor the end of the one side reaches the other.</summary>
    public void Stop(Way way, bool stopped)
    {
        if (way.HasFlag(Way.ToServer)) toServer.Set(!stopped);
        if (way.HasFlag(Way.ToClient)) toClient.Set(!stopped);
    }

    /// <summary>Ends it for both sides at once, as if the net said so: RST.</summary>
    public void Cut() => Close(reset: true);

    private async Task PumpAsync(Socket from, Socket to, Gate gate)
    {
        var chunk = new byte[ChunkMax];
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(chunk, SocketFlags.None);
                if (delay() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait);
                await gate.PassAsync();
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (var sent = 0; sent < count;) sent += await to.SendAsync(chunk.AsMemory(sent, count - sent), SocketFlags.None);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side broke off. The other learns it in the same way, but not through a way that is stopped.
            await gate.PassAsync();
            Cut();
        }
    }

    private void Close(bool reset)
    {
        if (Interlocked.Exchange(ref closed, 1) != 0) return;
        foreach (var socket in new[] { client, server })
        {
            // Without lingering a close is a reset. A Unix socket knows no reset and just ends.
            if (reset && socket.AddressFamily != AddressFamily.Unix) socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }

        Stop(Way.Both, stopped: false);
    }
}
