using System.Buffers;
using System.Net;
using System.Text;
using MoMo.Domain;

namespace MoMo.Edge.Webhooks;

/// <summary>HTTP towards URLs that others chose: no proxy, no redirects, no cookies, no tracing headers, guarded connections.</summary>
public static class GuardedHttp
{
    /// <summary>Bytes of an answer's body that are read; the rest closes the connection.</summary>
    public const int ResponseBytesMax = 4_096;

    /// <summary>Kilobytes that an answer's headers may have together.</summary>
    public const int ResponseHeadersKilobytesMax = 16;

    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(1);

    /// <summary>What the hub calls itself.</summary>
    internal static string UserAgent { get; } = $"MoMo/{typeof(GuardedHttp).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>A handler that connects to nothing <see cref="AddressGuard"/> objects to, whatever the URL looks like.</summary>
    /// <param name="options">Timeouts, limits and the networks that are allowed.</param>
    /// <param name="resolve">Turns a name into addresses; the system's resolver by default.</param>
    /// <exception cref="FormatException">An allowed network is not in CIDR form.</exception>
    public static SocketsHttpHandler CreateHandler(
        WebhookOptions options, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connector = new GuardedConnector(new(options.AllowedNetworks), resolve ?? HostNames.OfDestinations.ResolveAsync, options.ConnectTimeout);
        return new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = connector.ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.ConnectionsPerHostMax,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = ResponseHeadersKilobytesMax,
            PooledConnectionIdleTimeout = IdleMax,
            PooledConnectionLifetime = options.ConnectionLifetime,
            UseCookies = false,
            UseProxy = false,
        };
    }

    /// <summary>A request for HTTP/1.1 and nothing else, with the hub's name.</summary>
    internal static HttpRequestMessage Request(HttpMethod method, Uri url)
    {
        var request = new HttpRequestMessage(method, url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        return request;
    }

    /// <summary>
    /// Reads a body away, so that its connection can serve again. What it says does not matter and neither does whether it is whole: the
    /// receiver has already answered with its status.
    /// </summary>
    internal static Task DiscardAsync(HttpContent content, CancellationToken cancellation) =>
        content.Headers.ContentLength is 0 or > ResponseBytesMax ? Task.CompletedTask : ReadAsync(content, cancellation);

    /// <summary>Reads the beginning of a body, as far as it comes in time, for people to read.</summary>
    /// <returns>Null when there is none.</returns>
    internal static async Task<string?> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength is 0) return null;
        var buffer = ArrayPool<byte>.Shared.Rent(ResponseBytesMax);
        var length = 0;
        try
        {
            var body = await content.ReadAsStreamAsync(cancellation);
            while (length < ResponseBytesMax)
            {
                var read = await body.ReadAsync(buffer.AsMemory(length, ResponseBytesMax - length), cancellation);
                if (read == 0) break;
                length += read;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // Cut off, malformed or too slow.
        }

        var text = length == 0 ? null : Plain(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    /// <summary>Bytes as text that can be stored and shown: no unfit characters but tabs and the ends of lines.</summary>
    private static string Plain(ReadOnlySpan<byte> bytes) =>
        string.Concat(Encoding.UTF8.GetString(bytes).Where(letter => !UnfitCharacters.Has(letter) || letter is '\n' or '\t'));
}
