using System.Net;
using System.Net.Sockets;

namespace MoMo.Tests.Edge.Drops;

/// <summary>A wire to a server on loopback that takes in so much and then nothing more until it is let go on.</summary>
internal sealed class HeldWire : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource ended = new();
    private readonly Task passing;

    public HeldWire(int port, int bytes)
    {
        listener.Start();
        passing = PassAllAsync(port, bytes);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Ends when so much has gone through.</summary>
    public Task Held => held.Task;

    public void Release() => released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await ended.CancelAsync();
        await passing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }

    /// <summary>One connection after the other: the hub makes a first one only to see who answers.</summary>
    private async Task PassAllAsync(int port, int bytes)
    {
        while (!ended.IsCancellationRequested)
        {
            using var client = await listener.AcceptTcpClientAsync(ended.Token);
            try
            {
                await PassAsync(client, port, bytes);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // It was broken off: by whoever looks at what comes of it.
            }
        }
    }

    private async Task PassAsync(TcpClient client, int port, int bytes)
    {
        using var server = new TcpClient { NoDelay = true };
        await server.ConnectAsync(IPAddress.Loopback, port, ended.Token);
        var (near, far) = (client.GetStream(), server.GetStream());
        var back = far.CopyToAsync(near, ended.Token);
        var piece = new byte[4_096];
        for (int read, passed = 0; (read = await near.ReadAsync(piece, ended.Token)) > 0; passed += read)
        {
            if (passed >= bytes)
            {
                held.TrySetResult();
                await released.Task.WaitAsync(ended.Token);
            }

            await far.WriteAsync(piece.AsMemory(0, read), ended.Token);
        }

        server.Client.Shutdown(SocketShutdown.Send);
        await back;
    }
}
