using System.Net.Sockets;
using System.Text;

namespace MoMo.Tests.Support;

/// <summary>A bulk stream that is plain both ways, as a client without our package has it.</summary>
internal sealed class PlainStream : IDisposable
{
    private readonly TcpClient client = new();

    private PlainStream() { }

    public NetworkStream Bytes => client.GetStream();

    /// <summary>Opens one.</summary>
    /// <param name="hub">Where the hub is.</param>
    /// <param name="authorization">The header, such as <c>Bearer momo_…</c>.</param>
    public static async Task<PlainStream> OpenAsync(Uri hub, string authorization)
    {
        var stream = new PlainStream();
        await stream.client.ConnectAsync(hub.Host, hub.Port);
        await stream.SendAsync($"POST /v1/payments/bulk HTTP/1.1\r\nHost: hub\r\nAuthorization: {authorization}\r\nConnection: Upgrade\r\nUpgrade: ndjson\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101", await stream.ReadLineAsync(), StringComparison.Ordinal);
        while (await stream.ReadLineAsync() is { Length: > 0 }) { }
        return stream;
    }

    public async Task SendAsync(string text) => await Bytes.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The next line; empty at the end.</summary>
    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await Bytes.ReadAsync(one) == 1 && one[0] != '\n') line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }

    public void Dispose() => client.Dispose();
}
