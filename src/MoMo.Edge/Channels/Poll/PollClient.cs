using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Channels;
using MoMo.Edge.Psps;
using MoMo.Edge.Questions;

namespace MoMo.Edge.Channels.Poll;

/// <summary>Asks a web API: no redirects, no cookies, no proxy, addresses judged, certificate checked.</summary>
internal sealed class PollClient : IDisposable
{
    /// <summary>Bytes of one answer at most: it is looked through for the next page in memory.</summary>
    public const int AnswerMax = 32 * 1024 * 1024;

    /// <summary>Bytes of an error that are looked at, at most.</summary>
    private const int ErrorMax = 64 * 1024;

    private readonly Dialer dialer;
    private readonly PollSettings settings;
    private readonly AuthenticationHeaderValue? authorization;
    private readonly OpenCredentials secrets;
    private readonly string? token;
    private readonly string tokenKey;
    private readonly AccessTokens tokens;
    private readonly TimeProvider clock;
    private readonly Server api;
    private readonly Server? giver;

    public PollClient(Dialer dialer, PollSettings settings, ChannelConfiguration configuration, AccessTokens tokens, TimeProvider clock)
    {
        (this.dialer, this.settings, this.tokens, this.clock) = (dialer, settings, tokens, clock);
        var access = settings.Access;
        secrets = new OpenCredentials(configuration.Secrets.Select(one => (one.Key, one.Value)));
        token = configuration.Secrets.GetValueOrDefault("token");
        authorization = access.Auth switch
        {
            "bearer" => new AuthenticationHeaderValue("Bearer", token),
            "basic" => new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{access.User}:{configuration.Secrets.GetValueOrDefault("password")}"))),
            _ => null,
        };
        var url = settings.Fill(default, default, null).Url;
        api = Open(url, access.Pin);
        tokenKey = AccessTokens.KeyOf(configuration.Adapter, access.TokenUrl ?? "", secrets);
        if (access.Token is null) return;
        var from = new Uri(access.TokenUrl!);
        giver = from.GetLeftPart(UriPartial.Authority) == url.GetLeftPart(UriPartial.Authority) ? api : Open(from, null);
    }

    /// <summary>One answer; null when there is nothing (204, or an answer that says so). With a token that is refused, once more with a new one.</summary>
    /// <exception cref="ChannelException">There is none, or it is no yes; the message holds neither the URL nor what the server wrote.</exception>
    public async Task<byte[]?> AskAsync(PollQuestion question, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (bearer, isOld) = await TokenAsync(cancellation);
            using var request = Request(question);
            if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            var (body, refused) = await SendAsync(api, request, Math.Min(AnswerMax, settings.Rules.SizeMax), settings.Pages.SaysNothing, cancellation);
            if (refused is null) return body;
            // Not everybody says 401 of a token that has run out: an old one is not to blame only when a new one is refused as well.
            if (bearer is null || (int?)refused.Status is not (>= 400 and < 500 and not 429)) throw refused.Explained;
            tokens.Forget(tokenKey);
            if (!isOld || attempt > 1) throw refused.Explained;
        }
    }

    public void Dispose()
    {
        api.Http.Dispose();
        giver?.Http.Dispose();
    }

    private HttpRequestMessage Request(PollQuestion question)
    {
        var request = new HttpRequestMessage(question.Body is null ? HttpMethod.Get : HttpMethod.Post, question.Url) { Version = HttpVersion.Version11 };
        if (question.Body is { } body) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        request.Headers.Authorization = authorization;
        if (settings.Access.Auth == "header") request.Headers.TryAddWithoutValidation(settings.Access.Header, token);
        request.Headers.TryAddWithoutValidation("Accept", settings.Accept);
        request.Headers.UserAgent.ParseAdd("MoMo");
        return request;
    }

    /// <returns>The token, null when none is needed; and whether it was had before, so that it may have run out.</returns>
    private async Task<(string? Text, bool IsOld)> TokenAsync(CancellationToken cancellation)
    {
        if (settings.Access.Token is not { } manner) return (null, false);
        if (tokens.Find(tokenKey) is { } known) return (known.Text, true);
        var made = TokenRequest.Make(manner, new Uri(settings.Access.TokenUrl!), secrets);
        using var request = made.Accepted ?? throw new ChannelException(made.Refused!.Detail);
        byte[]? body;
        try
        {
            (body, var refused) = await SendAsync(giver!, request, MessageJson.BodyMax, null, cancellation);
            if (refused is not null) throw refused.Explained;
        }
        catch (ChannelException e)
        {
            throw new ChannelException($"No token could be had. {e.Message}", e) { RetryAfter = e.RetryAfter };
        }

        var read = AccessToken.Read(body ?? [], clock.GetUtcNow());
        if (read.Accepted is not { } access) throw new ChannelException(read.Refused!.Detail);
        tokens.Keep(tokenKey, access);
        return (access.Text, false);
    }

    /// <param name="server">Who is asked.</param>
    /// <param name="request">What.</param>
    /// <param name="max">Bytes of an answer at most.</param>
    /// <param name="isNothing">Whether an answer, be it an error, says that there is nothing. Null for a token: it is short, so it comes at once and as a whole.</param>
    /// <param name="cancellation">Ends the wait.</param>
    private async Task<(byte[]? Body, Refused? Refused)> SendAsync(
        Server server, HttpRequestMessage request, long max, Func<byte[], bool>? isNothing, CancellationToken cancellation)
    {
        // The network's own time: a test that holds the clock must not make a server that never ends last for ever.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(dialer.AnswerTimeout);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        late.CancelAfter(dialer.SilenceMax);
        try
        {
            using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
            if (response.StatusCode == HttpStatusCode.NoContent) return (null, null);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                var body = await ReadAsync(response.Content, max, isPatient: isNothing is not null, late, cancellation);
                return isNothing?.Invoke(body) == true ? (null, null) : (body, null);
            }

            // Some PSPs say by an error that there is nothing; what else an error says is not looked at.
            var error = isNothing is null || settings.Pages.Nothing.Count == 0 ? null : await ReadErrorAsync(response.Content, late, cancellation);
            return error is not null && isNothing!(error) ? (null, null) : (null, Refuse(response));
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            var remedy = isNothing is null ? "" : ": ask for smaller pages or a shorter window";
            throw new ChannelException(
                string.Create(CultureInfo.InvariantCulture, $"The server was too slow: an answer has {dialer.AnswerTimeout.TotalSeconds:0.#} s to come to its end{remedy}."), e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ChannelException($"The server {(isNothing is null ? "was too slow: it has" : "was silent for")} {dialer.SilenceMax.TotalSeconds:0.#} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException and not (ChannelException or ChannelItemException))
        {
            throw Explain(e, server.Tls);
        }
    }

    /// <summary>What an error says; null when it can't be had: then its status says enough.</summary>
    private async Task<byte[]?> ReadErrorAsync(HttpContent content, CancellationTokenSource late, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(content, ErrorMax, isPatient: false, late, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <param name="content">The answer.</param>
    /// <param name="max">Bytes at most.</param>
    /// <param name="isPatient">Whether each piece of it may take its time, or else all of it together.</param>
    /// <param name="late">Ends it when it is late.</param>
    /// <param name="cancellation">Ends the wait.</param>
    private async Task<byte[]> ReadAsync(HttpContent content, long max, bool isPatient, CancellationTokenSource late, CancellationToken cancellation)
    {
        var body = await content.ReadAsStreamAsync(cancellation);
        using var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = await body.ReadAsync(buffer, late.Token)) > 0;)
        {
            if (isPatient) late.CancelAfter(dialer.SilenceMax);
            read.Write(buffer, 0, count);
            if (read.Length > max)
                throw new ChannelException($"An answer is longer than {max / 1024:N0} KiB{(isPatient ? ": ask for smaller pages or a shorter window" : "")}.");
        }

        return content.Headers.ContentLength is { } length && length != read.Length
            ? throw new ChannelException($"The server broke off after {read.Length:N0} of {length:N0} bytes.") : read.ToArray();
    }

    private Server Open(Uri url, string? pin)
    {
        var tls = new ServerTls(url.IdnHost, pin);
        return new Server(
            new HttpClient(new SocketsHttpHandler
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
            },
            tls);
    }

    private static Refused Refuse(HttpResponseMessage response) => new(response.StatusCode, new ChannelException((int)response.StatusCode switch
    {
        >= 300 and < 400 => $"The server answers {(int)response.StatusCode}, a redirect, which is not followed: give the final URL.",
        401 or 403 => $"The server does not let the hub in: it answers {(int)response.StatusCode}.",
        429 => "The server answers 429: it is asked too often.",
        var other => $"The server answers {other}.",
    })
    {
        RetryAfter = response.Headers.RetryAfter?.Delta,
    });

    private static ChannelException Explain(Exception failure, ServerTls tls)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is ChannelException known) return known;
            if (cause is AuthenticationException) return new ChannelException(tls.Explain(), failure);
        }

        return new ChannelException("The server broke the connection off, or its answer is not HTTP.", failure);
    }

    private sealed record Server(HttpClient Http, ServerTls Tls);

    private sealed record Refused(HttpStatusCode? Status, ChannelException Explained);
}
