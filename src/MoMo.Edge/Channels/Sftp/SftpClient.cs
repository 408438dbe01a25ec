using System.Buffers.Binary;
using System.Net;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Sftp;

/// <summary>
/// SFTP version 3 (draft-ietf-secsh-filexfer-02) over a running connection, one request at a time: what every server speaks.
/// </summary>
internal sealed class SftpClient(SshProcess ssh, TimeSpan silenceMax) : IAsyncDisposable
{
    /// <summary>Bytes of one packet: servers stay below 256 KiB and a little.</summary>
    private const int PacketMax = 1024 * 1024;

    private const int ExtensionsMax = 100;

    private readonly HashSet<string> extensions = [];
    private readonly byte[] head = new byte[4];
    private uint lastId;

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="ChannelException">That failed; the message says why.</exception>
    public static async Task<SftpClient> OpenAsync(
        Dialer dialer, ServerSettings server, string? hostKey, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        // The address that was judged is the one that the program gets; a first connection finds out which of several answers.
        IPAddress address;
        using (var socket = await dialer.ConnectAsync(server.Host, server.Port, cancellation)) address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        var client = new SftpClient(SshProcess.Start(server, hostKey, address, secrets, dialer.ConnectTimeout, dialer.SilenceMax), dialer.SilenceMax);
        try
        {
            await client.BeginAsync(cancellation);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the server has an extension, such as <c>posix-rename@openssh.com</c>.</summary>
    public bool Can(string extension) => extensions.Contains(extension);

    /// <summary>Agrees on the version.</summary>
    private async Task BeginAsync(CancellationToken cancellation)
    {
        var request = new SftpPacket(SftpPacket.Init);
        request.Add(3u);
        var answer = await ExchangeAsync(request, cancellation);
        if (answer.Type != SftpPacket.Version || answer.ReadNumber() < 3) throw new ChannelException("The server speaks no SFTP version 3.");
        while (!answer.IsEnded && extensions.Count < ExtensionsMax)
        {
            extensions.Add(answer.ReadText());
            answer.ReadBlob(); // its version
        }
    }

    /// <summary>Asks, and waits for the answer to it.</summary>
    /// <param name="type">Of the request.</param>
    /// <param name="fill">Adds what follows the id.</param>
    /// <param name="cancellation">Ends the wait, and the connection with it.</param>
    public async Task<SftpPacket> AskAsync(byte type, Action<SftpPacket> fill, CancellationToken cancellation)
    {
        var request = new SftpPacket(type);
        request.Add(++lastId);
        fill(request);
        var answer = await ExchangeAsync(request, cancellation);
        return answer.ReadNumber() == lastId ? answer : throw new ChannelException("The server answers what was not asked.");
    }

    public ValueTask DisposeAsync() => ssh.DisposeAsync();

    private async Task<SftpPacket> ExchangeAsync(SftpPacket request, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(silenceMax);
        try
        {
            await ssh.Input.WriteAsync(request.ToBytes(), late.Token);
            await ssh.Input.FlushAsync(late.Token);
            await ssh.Output.ReadExactlyAsync(head, late.Token);
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (length is 0 or > PacketMax) throw new ChannelException("The server's answer is not SFTP.");
            var body = new byte[length];
            await ssh.Output.ReadExactlyAsync(body, late.Token);
            return new SftpPacket(body);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ChannelException($"The server was silent for {silenceMax.TotalSeconds:0.#} s.");
        }
        catch (IOException e) when (e is not ChannelException)
        {
            throw await ssh.ExplainAsync(e);
        }
    }
}
