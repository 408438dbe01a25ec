using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Poll;

/// <summary>Asks a web API: no redirects, no cookies, no proxy, addresses judged, certificate checked.</summary>
internal sealed class PollClient : IDisposable
{
    /// <summary>Bytes of one answer at most: it is looked through for the next page in memory.</summary>
    public const int AnswerMax = 32 * 1024 * 1024;

    private readonly PollSettings settings;
    private readonly AuthenticationHeaderValue? authorization;
    private readonly string? token;
    private readonly ServerTls tls;
    private readonly TimeSpan silenceMax;
    private readonly HttpClient http;

    public PollClient(Dialer dialer, PollSettings settings, IReadOnlyDictionary<string, string> secrets)
    {
        this.settings = settings;
        silenceMax = dialer.SilenceMax;
        token = secrets.GetValueOrDefault("token");
        authorization = settings.Auth switch
        {
            "bearer" => new AuthenticationHeaderValue("Bearer", token),
            "basic" => new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.User}:{secrets.GetValueOrDefault("password")}"))),
            _ => null,
        };
        tls = new ServerTls(new Uri(settings.Fill(default, default, null).GetLeftPart(UriPartial.Authority)).IdnHost, settings.Pin);
        http = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = async (context, cancellation) =>
                new NetworkStream(await dialer.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation), ownsSocket: true),
            ConnectTimeout = dialer.ConnectTimeout,
            SslOptions = tls.Options,
            UseCookies = false,
            UseProxy = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>One answer; null when there is nothing (204).</summary>
    /// <exception cref="ChannelException">There is none, or it is no yes; the message holds neither the URL nor what the server wrote.</exception>
    public async Task<byte[]?> AskAsync(Uri url, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(silenceMax);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11 };
            request.Headers.Authorization = authorization;
            if (settings.Auth == "header") request.Headers.TryAddWithoutValidation(settings.Header, token);
            request.Headers.TryAddWithoutValidation("Accept", settings.Accept);
            request.Headers.UserAgent.ParseAdd("MoMo");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
            if (response.StatusCode == HttpStatusCode.NoContent) return null;
            if (response.StatusCode != HttpStatusCode.OK) throw Refused(response);
            return await ReadAsync(response.Content, late, cancellation);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ChannelException($"The server was silent for {silenceMax.TotalSeconds:0.#} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException and not (ChannelException or ChannelItemException))
        {
            throw Explained(e);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<byte[]> ReadAsync(HttpContent content, CancellationTokenSource late, CancellationToken cancellation)
    {
        var max = Math.Min(AnswerMax, settings.Rules.SizeMax);
        var body = await content.ReadAsStreamAsync(cancellation);
        using var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = await body.ReadAsync(buffer, late.Token)) > 0;)
        {
            late.CancelAfter(silenceMax);
            read.Write(buffer, 0, count);
            if (read.Length > max) throw new ChannelException($"An answer is longer than {max / (1024 * 1024)} MiB: ask for smaller pages or a shorter window.");
        }

        return content.Headers.ContentLength is { } length && length != read.Length
            ? throw new ChannelException($"The server broke off after {read.Length:N0} of {length:N0} bytes.") : read.ToArray();
    }

    private static ChannelException Refused(HttpResponseMessage response) => new((int)response.StatusCode switch
    {
        >= 300 and < 400 => $"The server answers {(int)response.StatusCode}, a redirect, which is not followed: give the final URL.",
        401 or 403 => $"The server does not let the hub in: it answers {(int)response.StatusCode}.",
        429 => "The server answers 429: it is asked too often.",
        var other => $"The server answers {other}.",
    })
    {
        RetryAfter = response.Headers.RetryAfter?.Delta,
    };

    private ChannelException Explained(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is ChannelException known) return known;
            if (cause is AuthenticationException) return new ChannelException(tls.Explain(), failure);
        }

        return new ChannelException("The server broke the connection off, or its answer is not HTTP.", failure);
    }
}
