using System.Net;
using System.Net.Sockets;

namespace MoMo.Bench.Load;

/// <summary>One keep-alive connection with one request in flight at most. Its request is made once; only the digits change.</summary>
internal sealed class Connection(IPEndPoint address, PaymentRequest template, Epoll epoll, int name) : IDisposable
{
    private readonly byte[] request = template.Copy();
    private readonly byte[] response = new byte[16 * 1024];
    private Socket? socket;
    private int received;

    /// <summary>A request is in flight.</summary>
    public bool Busy { get; private set; }

    /// <summary>When the request in flight was due, in clock ticks.</summary>
    public long DueAt { get; private set; }

    public void Open()
    {
        socket?.Dispose();
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(address);
        }
        catch (SocketException e)
        {
            throw new BenchException($"The silo at {address} takes no connection: {e.Message}.", e);
        }

        socket.Blocking = false;
        epoll.Add((int)socket.Handle, name);
        Busy = false;
    }

    /// <summary>Sends the payment of this number.</summary>
    /// <returns>False when the connection is broken.</returns>
    public bool Send(long number, long dueAt)
    {
        template.Fill(request, number);
        (Busy, DueAt, received) = (true, dueAt, 0);
        var sent = socket!.Send(request, SocketFlags.None, out var error);
        return error == SocketError.Success && sent == request.Length; // some 600 bytes into an empty buffer always fit
    }

    /// <summary>Reads what has come.</summary>
    /// <returns>The status of a response that is complete, 0 when more is to come, -1 when the connection is broken.</returns>
    public int Receive()
    {
        var count = socket!.Receive(response.AsSpan(received), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return 0;
        if (error != SocketError.Success || count == 0) return -1;
        received += count;
        var status = Answer.StatusOf(response.AsSpan(0, received));
        if (status == 0) return received == response.Length ? -1 : 0;
        Busy = false;
        return status;
    }

    public void Dispose() => socket?.Dispose();
}
