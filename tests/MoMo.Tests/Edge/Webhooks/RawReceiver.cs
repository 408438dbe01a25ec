using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>A server that breaks the rules of HTTP: it reads a request's headers and then does to the socket what it is told.</summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<Socket, CancellationToken, Task> script;
    private readonly Task serving;

    public RawReceiver(Func<Socket, CancellationToken, Task> script)
    {
        this.script = script;
        listener.Start();
        serving = ServeAsync();
    }

    public RawReceiver(string answer) : this(async (socket, cancellation) =>
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(answer), cancellation);
        await UntilClosedAsync(socket, cancellation);
    })
    {
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook");

    /// <summary>Reads until the other side has had enough.</summary>
    public static async Task UntilClosedAsync(Socket socket, CancellationToken cancellation)
    {
        var buffer = new byte[4_096];
        while (await socket.ReceiveAsync(buffer, cancellation) > 0) { }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync(stop.Token);
                try
                {
                    await ReadHeadersAsync(socket);
                    await script(socket, stop.Token);
                }
                catch (SocketException)
                {
                    // The sender broke off, which is what many of the scripts are about.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private async Task ReadHeadersAsync(Socket socket)
    {
        var buffer = new byte[16_384];
        for (var length = 0; buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), stop.Token);
            if (read == 0) return;
            length += read;
        }
    }
}
