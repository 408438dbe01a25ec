using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using MoMo.Domain.Deliveries;

namespace MoMo.Edge.Webhooks;

/// <summary>
/// Delivers by HTTP POST, signed as Standard Webhooks 1.0.0 asks. The status alone decides, whatever becomes of the body after it: 2xx is
/// delivered, 410 is gone, everything else, redirects included, is tried again.
/// </summary>
public sealed class WebhookKind : IDestinationKind, IDisposable
{
    // Shared by all requests, and changed by none.
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly TimeProvider clock;
    private readonly Deadlines deadlines;
    private readonly HttpMessageInvoker http;
    private readonly WebhookOptions options;

    /// <summary>A sender with connections of its own.</summary>
    /// <param name="options">Timeouts, limits and the networks that are allowed.</param>
    /// <param name="clock">Tells the time that is signed and that a Retry-After date is measured from.</param>
    /// <param name="resolve">Turns a name into addresses; the system's resolver by default.</param>
    /// <exception cref="FormatException">An allowed network is not in CIDR form.</exception>
    public WebhookKind(WebhookOptions options, TimeProvider clock, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        this.clock = clock;
        this.options = options;
        deadlines = new Deadlines(options.Timeout);
        http = new(GuardedHttp.CreateHandler(options, resolve));
    }

    /// <inheritdoc/>
    public string Kind => "webhook";

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The message has no secret, or more than four: a fault of the hub's own.</exception>
    public async Task<AttemptResult> SendAsync(DeliveryMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (DestinationUrl.SchemeFault(message.Url, options.RequireHttps is true) is { } fault) return Retry(null, fault.Detail, DeliveryCause.BadDestination);

        using var request = Sign(message);
        var deadline = deadlines.Take();
        var abandoned = cancellation.UnsafeRegister(static deadline => ((CancellationTokenSource)deadline!).Cancel(), deadline);
        try
        {
            using var response = await http.SendAsync(request, deadline.Token);
            return Judge(response, await GuardedHttp.ReadAsync(response.Content, deadline.Token));
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return deadline.IsCancellationRequested
                ? Retry(null, HttpFailure.Late(options.Timeout), DeliveryCause.AccountUnreachable)
                : Retry(null, HttpFailure.Explain(e), HttpFailure.CauseOf(e));
        }
        finally
        {
            await abandoned.DisposeAsync(); // also waits for one that cancels right now
            deadlines.GiveBack(deadline);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        http.Dispose();
        deadlines.Dispose();
    }

    private HttpRequestMessage Sign(DeliveryMessage message)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        var signature = Signatures(message, timestamp);
        var request = GuardedHttp.Request(HttpMethod.Post, message.Url);
        request.Headers.TryAddWithoutValidation("webhook-id", message.DeliveryId.ToString());
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", signature);
        request.Content = new ReadOnlyMemoryContent(message.Body);
        request.Content.Headers.ContentType = Json;
        return request;
    }

    private static string Signatures(DeliveryMessage message, long timestamp)
    {
        if (message.Seeds.Count == 0) return WebhookSignature.Sign(message.DeliveryId, timestamp, message.Body.Span, message.Secrets);
        var content = WebhookSignature.Content(message.DeliveryId, timestamp, message.Body.Span);
        var pairs = string.Join(' ', message.Seeds.Select(seed => $"v1a,{Convert.ToBase64String(Ed25519.Sign(seed, content))}"));
        return message.Secrets.Count == 0
            ? pairs
            : $"{pairs} {WebhookSignature.Sign(message.DeliveryId, timestamp, message.Body.Span, message.Secrets)}";
    }

    private AttemptResult Judge(HttpResponseMessage response, string? excerpt)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300) return new(AttemptVerdict.Delivered, status, null, null) { Excerpt = excerpt };
        var (error, cause) = (HttpFailure.Explain(response.StatusCode), HttpFailure.CauseOf(response.StatusCode));
        var (verdict, wait) = status == 410 ? (AttemptVerdict.Gone, null) : (AttemptVerdict.Retry, RetryAfter(response.Headers.RetryAfter));
        return new(verdict, status, error, wait) { Cause = cause, Excerpt = excerpt };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - clock.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static AttemptResult Retry(int? status, string error, DeliveryCause cause) =>
        new(AttemptVerdict.Retry, status, error, null) { Cause = cause };
}
