using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using MoMo.Domain.Channels;
using MoMo.Edge.Webhooks;

namespace MoMo.Edge.Channels;

/// <summary>
/// Connects to the servers of channels. Private addresses are refused unless the operator allows their networks, and the addresses that were judged
/// are the ones connected to. A server's certificate is checked against the authorities that the machine trusts and its name, or against a pin.
/// </summary>
public sealed class Dialer
{
    private const int AddressesMax = 8;
    private readonly ChannelOptions options;
    private readonly string section;
    private readonly AddressGuard guard;

    /// <summary>A dialer that keeps to these options.</summary>
    public Dialer(ChannelOptions options) : this(options, "MoMo:Channels") { }

    /// <summary>The same for servers that are not channels'.</summary>
    /// <param name="options">What to keep to.</param>
    /// <param name="section">The section of the configuration that the options are from, for people.</param>
    public Dialer(ChannelOptions options, string section)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.section) = (options, section);
        guard = new AddressGuard(options.AllowedNetworks);
    }

    /// <summary>How long a server may be silent.</summary>
    public TimeSpan SilenceMax => options.SilenceMax;

    /// <summary>How long one answer of a polled API may take in all.</summary>
    public TimeSpan AnswerTimeout => options.AnswerTimeout;

    /// <summary>How long a polled API is asked for page after page.</summary>
    public TimeSpan LookTimeout => options.LookTimeout;

    /// <summary>Name, connection and handshake together.</summary>
    public TimeSpan ConnectTimeout => options.ConnectTimeout;

    /// <summary>A host's addresses, all of which may be connected to.</summary>
    /// <exception cref="ChannelException">The name is unknown, or one of its addresses is refused.</exception>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(host);
        IPAddress[] found;
        try
        {
            found = IPAddress.TryParse(host, out var literal)
                ? [literal]
                : await HostNames.OfChannels.ResolveAsync(host, cancellation).WaitAsync(ConnectTimeout, cancellation);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            throw new ChannelException($"The host's name '{host}' can't be resolved.", e);
        }

        if (found.Length == 0) throw new ChannelException($"The host's name '{host}' has no address.");
        // All or none: a name that points inside with one of its addresses means no good with the others.
        foreach (var address in found)
        {
            if (guard.Objection(address) is { } objection)
                throw new ChannelException($"The hub may not connect to this host: its address is in {objection}. An operator can allow networks in {section}:AllowedNetworks.");
        }

        return [.. found.Take(AddressesMax).Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)];
    }

    /// <summary>Opens a connection to the first address that answers.</summary>
    /// <exception cref="ChannelException">None does, or one may not be connected to.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        var addresses = await ResolveAsync(host, cancellation);
        Exception? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            late.CancelAfter(ConnectTimeout / addresses.Count);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), late.Token);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                socket.Dispose();
                last = e;
            }
        }

        throw new ChannelException(string.Create(CultureInfo.InvariantCulture, $"The server {host}:{port} {Why(last)}."), last!);
    }

    /// <summary>TLS on a connection, as a client.</summary>
    /// <param name="inner">The connection.</param>
    /// <param name="tls">Whom to expect. Given again for a second connection to the same server, its session is resumed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ChannelException">The certificate is not the one expected, or there is no agreement.</exception>
    public async Task<SslStream> SecureAsync(Stream inner, ServerTls tls, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tls);
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(ConnectTimeout);
        try
        {
            await stream.AuthenticateAsClientAsync(tls.Options, late.Token);
            return stream;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            await stream.DisposeAsync();
            throw new ChannelException(e is AuthenticationException ? tls.Explain() : "The server and the hub could not agree on TLS.", e);
        }
    }

    private static string Why(Exception? failure) => failure switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "refused the connection: nothing listens there",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => "can't be reached: there is no way through the network",
        OperationCanceledException or SocketException { SocketErrorCode: SocketError.TimedOut } => "does not answer",
        _ => "can't be reached",
    };
}
