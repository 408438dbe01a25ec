using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Edge.Psps;
using MoMo.Edge.Webhooks;
using MoMo.Engine;

namespace MoMo.Edge.Questions;

/// <summary>
/// Asks PSPs how payments stand, guarded like webhooks: private addresses are refused, redirects are not followed, an answer has a size and a time.
/// Tokens are remembered until they run out.
/// </summary>
public sealed class StatusClient : IDisposable
{
    /// <summary>Bytes of an answer at most.</summary>
    public const int AnswerMax = MessageJson.BodyMax;

    private readonly TimeProvider clock;
    private readonly HttpMessageInvoker http;
    private readonly WebhookOptions options;
    private readonly AccessTokens tokens;

    /// <summary>A client with connections of its own.</summary>
    /// <param name="options">Timeouts, whether HTTPS is required, and the networks that are allowed.</param>
    /// <param name="clock">Tells how long tokens are good.</param>
    /// <param name="resolve">Turns a name into addresses; the system's resolver by default.</param>
    /// <exception cref="FormatException">An allowed network is not in CIDR form.</exception>
    public StatusClient(WebhookOptions options, TimeProvider clock, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.clock, tokens) = (options, clock, new AccessTokens(clock));
        http = new(GuardedHttp.CreateHandler(options, resolve ?? HostNames.OfQuestions.ResolveAsync));
    }

    /// <summary>A reference as it can be asked for; null when it can't be: empty, too long, with control characters, or nothing but dots.</summary>
    public static string? Reference(string? text) => StatusSettings.Reference(text);

    /// <summary>What an adapter asks by, one of <see cref="StatusManner.AskedBy"/>; null when it doesn't ask.</summary>
    public static string? AskedBy(IStatusFormat format, JsonElement settings)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Manner is { } manner ? StatusSettings.Of(settings, manner)?.By : null;
    }

    /// <summary>Which of an adapter's credentials go to which server with these settings.</summary>
    public static IReadOnlyList<SentCredential> Sends(IStatusFormat format, JsonElement settings)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Manner is { } manner ? StatusSettings.Of(settings, manner)?.Sends(manner) ?? [] : [];
    }

    /// <summary>Asks once; with a token that the PSP refuses, once more with a new one.</summary>
    /// <param name="source">The adapter that asks; its settings have been checked, and it asks.</param>
    /// <param name="format">How its PSP wants to be asked.</param>
    /// <param name="reference">The payment.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<StatusAnswer> AskAsync(CallbackSource source, IStatusFormat format, string reference, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(format);
        var manner = format.Manner!;
        var settings = StatusSettings.Of(source.Settings, manner)!;
        for (var attempt = 1; ; attempt++)
        {
            var prepared = await PrepareAsync(source, format, manner, settings, reference, cancellation);
            if (prepared.Request is not { } request) return Troubled(prepared.Refused!.Detail, everybodys: true) with { RetryAfter = prepared.RetryAfter };
            using (request)
            {
                var reply = await SendAsync(request, cancellation);
                if (reply.Status == HttpStatusCode.Unauthorized && manner.Token is not null)
                {
                    tokens.Forget(KeyOf(source, settings));
                    if (attempt == 1) continue;
                }

                return Judge(reply, request, source, reference);
            }
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => http.Dispose();

    private async Task<Prepared> PrepareAsync(
        CallbackSource source, IStatusFormat format, StatusManner manner, StatusSettings settings, string reference, CancellationToken cancellation)
    {
        var url = settings.Fill(reference);
        if (DestinationUrl.SchemeFault(url, options.RequireHttps is true) is { } scheme) return new Prepared(null, scheme);
        var request = GuardedHttp.Request(HttpMethod.Get, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var headers = settings.HeadersOf(manner);
        if (TokenRequest.Put(headers, source.Secrets, (name, value) => request.Headers.TryAddWithoutValidation(name, value)) is { } missing) return Drop(missing);
        if (manner.Token is { } token)
        {
            var (had, retryAfter) = await TokenAsync(source, token, settings, cancellation);
            if (had.Accepted is not { } access) return Drop(had.Refused!, retryAfter);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {access.Text}");
        }

        foreach (var (name, value) in format.Sign(settings.By, reference, clock.GetUtcNow(), source)) request.Headers.TryAddWithoutValidation(name, value);
        return new Prepared(request, null);

        Prepared Drop(Refusal refusal, TimeSpan? retryAfter = null)
        {
            request.Dispose();
            return new Prepared(null, refusal, retryAfter);
        }
    }

    /// <returns>The token, or why there is none and when the PSP wants to be asked for one again.</returns>
    private async Task<(Outcome<AccessToken> Token, TimeSpan? RetryAfter)> TokenAsync(
        CallbackSource source, TokenManner manner, StatusSettings settings, CancellationToken cancellation)
    {
        var key = KeyOf(source, settings);
        if (tokens.Find(key) is { } known) return (known, null);
        var url = new Uri(settings.TokenUrl!);
        if (DestinationUrl.SchemeFault(url, options.RequireHttps is true) is { } scheme) return (scheme, null);
        var made = TokenRequest.Make(manner, url, source.Secrets);
        if (made.Accepted is not { } request) return (made.Refused!, null);
        using var sent = request;
        var reply = await SendAsync(request, cancellation);
        if (Trouble(reply) is { } trouble) return (new Refusal("token-refused", $"No token could be had. {trouble}"), reply.RetryAfter);
        var read = AccessToken.Read(reply.Body, clock.GetUtcNow());
        if (read.Accepted is not { } token) return (read, null);
        tokens.Keep(key, token);
        return (token, null);
    }

    private async Task<Reply> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        // The network's own time: a test that holds the clock must not make a silent PSP last for ever.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(options.Timeout);
        try
        {
            using var response = await http.SendAsync(request, deadline.Token);
            var body = (int)response.StatusCode is >= 200 and < 300 ? await ReadAsync(response.Content, deadline.Token) : [];
            var wait = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - clock.GetUtcNow();
            return new Reply(response.StatusCode, body, null, wait > TimeSpan.Zero ? wait : null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return new Reply(null, [], deadline.IsCancellationRequested ? HttpFailure.Late(options.Timeout) : HttpFailure.Explain(e), null);
        }
    }

    /// <summary>The whole body; null when it is longer than an answer may be.</summary>
    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > AnswerMax) return null;
        var body = await content.ReadAsStreamAsync(cancellation);
        using var read = new MemoryStream();
        var buffer = new byte[8_192];
        for (int count; (count = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (read.Length + count > AnswerMax) return null;
            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }

    private StatusAnswer Judge(Reply reply, HttpRequestMessage request, CallbackSource source, string reference)
    {
        if (Trouble(reply) is { } trouble)
            return Troubled(trouble, IsEverybodys(reply.Status)) with { RetryAfter = reply.RetryAfter };
        var envelope = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["received_at"] = clock.GetUtcNow().UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["method"] = "GET",
            ["asked"] = request.RequestUri!.GetLeftPart(UriPartial.Path),
            ["adapter"] = source.Adapter,
            ["reference"] = reference,
            ["status"] = ((int)reply.Status!).ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        return new StatusAnswer(reply.Body, envelope, null);
    }

    private static string? Trouble(Reply reply) => reply switch
    {
        { Failure: { } failure } => Words(failure),
        { Status: { } status } when (int)status is < 200 or >= 300 => Words(HttpFailure.Explain(status)),
        { Body: null } => $"The PSP's answer is longer than {AnswerMax} bytes.",
        { Body.Length: 0 } => "The PSP's answer is empty.",
        _ => null,
    };

    private static bool IsEverybodys(HttpStatusCode? status) => status
        is null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static StatusAnswer Troubled(string trouble, bool everybodys) => new(ReadOnlyMemory<byte>.Empty, "", trouble, everybodys);

    /// <summary>The receiver of webhooks is an account's; here it is the PSP.</summary>
    private static string Words(string text) => text.Replace("receiver", "PSP", StringComparison.Ordinal);

    private static string KeyOf(CallbackSource source, StatusSettings settings) => AccessTokens.KeyOf(source.Adapter, settings.TokenUrl!, source.Secrets);

    /// <summary>A question that can be sent, or why there is none and when the PSP wants to be asked again.</summary>
    private sealed record Prepared(HttpRequestMessage? Request, Refusal? Refused, TimeSpan? RetryAfter = null);

    private sealed record Reply(HttpStatusCode? Status, byte[]? Body, string? Failure, TimeSpan? RetryAfter);
}
