using System.Net;
using System.Text;
using MoMo.Domain.Routing;
using MoMo.Edge.Webhooks;

namespace MoMo.Edge.Lookups;

/// <summary>
/// Asks an account's lookup URL: <c>GET {url}?reference_id=…</c>. 200 is yes, 404 and 410 are no, and everything else is no answer.
/// At most eight questions are open to one host at a time and 256 to all; the others wait, inside their deadline. Those of one host wait among themselves
/// first: a host that never answers keeps no place that another's questions need.
/// </summary>
public sealed class LookupClient : ILookupClient, IDisposable
{
    /// <summary>Questions open to one host and port at most.</summary>
    public const int ConnectionsPerHostMax = 8;

    /// <summary>Questions open to all hosts together at most.</summary>
    public const int OpenMax = 256;

    /// <summary>UTF-8 bytes in a reference at most; a longer one is not asked about.</summary>
    public const int ReferenceBytesMax = 1_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly HttpMessageInvoker http;
    private readonly WebhookOptions options;
    private readonly FairPlaces open = new(OpenMax, ConnectionsPerHostMax);

    /// <summary>A client with connections of its own, guarded like those of webhooks.</summary>
    /// <param name="options">The connect timeout, whether HTTPS is required, and the networks that are allowed.</param>
    /// <param name="resolve">Turns a name into addresses; the system's resolver by default.</param>
    /// <exception cref="FormatException">An allowed network is not in CIDR form.</exception>
    public LookupClient(WebhookOptions options, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        var handler = GuardedHttp.CreateHandler(options, resolve ?? HostNames.OfQuestions.ResolveAsync);
        handler.MaxConnectionsPerServer = ConnectionsPerHostMax;
        http = new(handler);
    }

    /// <inheritdoc/>
    public async Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(referenceId);
        if (DestinationUrl.SchemeFault(url, options.RequireHttps is true) is { } fault) return LookupAnswer.None(fault.Detail);
        if (!IsText(referenceId)) return LookupAnswer.None($"The reference is not text of at most {ReferenceBytesMax} bytes.");
        if (deadline <= TimeSpan.Zero) return LookupAnswer.None(HttpFailure.Late(TimeSpan.Zero));

        using var request = GuardedHttp.Request(HttpMethod.Get, Question(url, referenceId));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(deadline);
        try
        {
            using var place = await open.TakeAsync(url.Authority, late.Token);
            using var response = await http.SendAsync(request, late.Token);
            await GuardedHttp.DiscardAsync(response.Content, late.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => LookupAnswer.Yes,
                HttpStatusCode.NotFound or HttpStatusCode.Gone => LookupAnswer.No,
                var other => LookupAnswer.None(HttpFailure.Explain(other)),
            };
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return LookupAnswer.None(late.IsCancellationRequested ? HttpFailure.Late(deadline) : HttpFailure.Explain(e));
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        http.Dispose();
        open.Dispose();
    }

    /// <summary>The account's URL, its own query kept, with the reference at the end.</summary>
    private static Uri Question(Uri url, string referenceId)
    {
        var separator = url.Query.Length == 0 ? "?" : url.Query is "?" || url.Query.EndsWith('&') ? "" : "&";
        return new Uri($"{url.GetLeftPart(UriPartial.Query)}{separator}reference_id={Uri.EscapeDataString(referenceId)}");
    }

    // Half a surrogate pair would be escaped as a replacement character: a question about another reference.
    private static bool IsText(string referenceId)
    {
        if (referenceId.Length > ReferenceBytesMax) return false;
        try
        {
            return Strict.GetByteCount(referenceId) <= ReferenceBytesMax;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
