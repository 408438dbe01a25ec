using System.Net;
using System.Net.Sockets;

namespace MoMo.Edge.Webhooks;

/// <summary>
/// Opens the connections of a guarded handler. The name is resolved once, and the very addresses that were judged are connected to, so
/// that a name server that changes its answer between the judgement and the connection gains nothing.
/// </summary>
/// <param name="guard">Judges the addresses.</param>
/// <param name="resolve">Turns a name into addresses.</param>
/// <param name="timeout">What all addresses of a host have together.</param>
internal sealed class GuardedConnector(AddressGuard guard, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeSpan timeout)
{
    private const int AddressesMax = 8;

    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="AddressRefusedException">One of the host's addresses is refused.</exception>
    /// <exception cref="SocketException">The name has no address, or none answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await ResolveAsync(context.DnsEndPoint.Host, cancellation);
        var tries = Math.Min(addresses.Length, AddressesMax);
        for (var i = 0; ; i++)
        {
            var endpoint = new IPEndPoint(addresses[i], context.DnsEndPoint.Port);
            if (i == tries - 1) return await OpenAsync(endpoint, cancellation);

            // An address that swallows packets must leave time for the next one.
            using var share = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            share.CancelAfter(timeout / tries);
            try
            {
                return await OpenAsync(endpoint, share.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                // The next address may answer; the last one's failure is told.
            }
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        var answer = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation);
        if (answer.Length == 0) throw new SocketException((int)SocketError.HostNotFound);

        // All or none: a name that points inside with one of its addresses means no good with the others.
        foreach (var address in answer)
            if (guard.Objection(address) is { } objection) throw new AddressRefusedException(objection);

        return Array.ConvertAll(answer, address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }

    private static async Task<Stream> OpenAsync(IPEndPoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
