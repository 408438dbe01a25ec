using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using MoMo.Domain.Deliveries;

namespace MoMo.Edge.Webhooks;

/// <summary>
/// Says for people why there was no answer, or why the answer is not a yes. The sentences name neither the URL, which may carry a token,
/// nor an address, which may say something about the hub's own network, nor anything the receiver wrote.
/// </summary>
internal static class HttpFailure
{
    /// <summary>A status that is not the one hoped for.</summary>
    public static string Explain(HttpStatusCode status) => (int)status switch
    {
        >= 300 and < 400 => $"The receiver answered {(int)status}, a redirect. Redirects are not followed: give the final URL.",
        401 or 403 => $"The receiver answered {(int)status}: it does not let the hub in.",
        410 => "The receiver answered 410: it wants no more.",
        429 => "The receiver answered 429: too many requests.",
        var other => $"The receiver answered {other}.",
    };

    /// <summary>The deadline came first.</summary>
    public static string Late(TimeSpan timeout) =>
        string.Create(CultureInfo.InvariantCulture, $"The receiver did not answer within {timeout.TotalSeconds:0.###} s.");

    /// <summary>The request failed. The innermost cause that is known speaks.</summary>
    public static string Explain(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AddressRefusedException: return cause.Message;
                case AuthenticationException: return Tls(cause);
                case SocketException socket: return Network(socket.SocketErrorCode);
                case TimeoutException: return "The connection to the receiver could not be opened in time.";
            }
        }

        return failure switch
        {
            HttpRequestException request => Protocol(request.HttpRequestError),
            HttpIOException io => Protocol(io.HttpRequestError),
            _ => $"The request failed ({failure.GetType().Name}).",
        };
    }

    /// <summary>Who has to do something about a status.</summary>
    public static DeliveryCause CauseOf(HttpStatusCode status) => (int)status switch
    {
        408 or 429 => DeliveryCause.AccountUnreachable,
        >= 300 and < 500 => DeliveryCause.AccountRejected,
        _ => DeliveryCause.AccountUnreachable,
    };

    /// <summary>Who has to do something about a request that failed.</summary>
    public static DeliveryCause CauseOf(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AddressRefusedException:
                case AuthenticationException when IsCertificate(cause):
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return DeliveryCause.BadDestination;
            }
        }

        return DeliveryCause.AccountUnreachable;
    }

    private static bool IsCertificate(Exception failure) =>
        failure.InnerException is null && failure.Message.Contains("certificate", StringComparison.Ordinal);

    private static string Tls(Exception failure) => IsCertificate(failure)
        ? "TLS failed: the receiver's certificate has expired, is for another name, or is not signed by an authority that the hub trusts."
        : "TLS failed: the receiver and the hub could not agree on a connection.";

    private static string Network(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData => "The host's name does not exist in DNS.",
        SocketError.TryAgain or SocketError.NoRecovery => "DNS did not answer for the host's name.",
        SocketError.ConnectionRefused => "The receiver refused the connection: nothing listens there.",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "The receiver broke the connection off.",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "There is no way through the network to the receiver.",
        SocketError.TimedOut => "The connection to the receiver could not be opened in time.",
        _ => $"The network failed ({error}).",
    };

    private static string Protocol(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "The host's name does not exist in DNS.",
        HttpRequestError.ConnectionError => "The connection to the receiver could not be opened.",
        HttpRequestError.SecureConnectionError => "TLS failed: the receiver and the hub could not agree on a connection.",
        HttpRequestError.ResponseEnded => "The receiver broke the connection off before it had answered.",
        HttpRequestError.ConfigurationLimitExceeded =>
            $"The answer's headers are longer than {GuardedHttp.ResponseHeadersKilobytesMax} kB.",
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => "The receiver's answer is not HTTP.",
        _ => $"The request failed ({error}).",
    };
}
