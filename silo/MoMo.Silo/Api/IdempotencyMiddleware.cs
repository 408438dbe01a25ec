using System.Globalization;
using System.Net.Sockets;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using MoMo.Engine;
using MoMo.Storage.Requests;
using MoMo.Storage.Secrets;
using Npgsql;

namespace MoMo.Silo.Api;

/// <summary>
/// Does what a caller names with an <c>Idempotency-Key</c> once (draft-ietf-httpapi-idempotency-key-header): the same request under the same key gets the
/// same answer again, also from another silo. What was refused was not done, and frees its key. When nobody knows what became of a request, a repeat is
/// refused rather than done twice.
/// </summary>
internal sealed class IdempotencyMiddleware(
    RequestDelegate next, NamedRequestStore requests, SecretBox secrets, TimeProvider clock, ILogger<IdempotencyMiddleware> log)
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Says that an answer is that of an earlier request.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>Characters of a key at most.</summary>
    public const int KeyMax = 255;

    /// <summary>How long a request takes at most: one that was begun longer ago, and has no answer, was cut off.</summary>
    private static readonly TimeSpan RunningMax = TimeSpan.FromMinutes(2);

    /// <summary>How long the hub tries: what takes longer is given up before it counts as cut off.</summary>
    private static readonly TimeSpan DoingMax = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(30);

    private static readonly object DoneKey = new();

    // As short as can be: there is a limit to what is sealed.
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request has changed something for good: whatever goes wrong from here on, it is not to be done again under its name.</summary>
    public static void Done(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Items[DoneKey] = true;
    }

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Request.Headers[Header] is not { Count: > 0 } given || context.GetEndpoint()?.Metadata.GetMetadata<TakesIdempotencyKey>() is null
            || context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } caller)
        {
            await next(context);
            return;
        }

        if (Read(given) is not { } name)
        {
            await Problems.Of(new Refusal("idempotency-key-malformed", $"{Header} is one value of 1 to {KeyMax} printable ASCII characters.")).ExecuteAsync(context);
            return;
        }

        var request = new NamedRequest(caller, name, Digest(context.Request, await ReadBodyAsync(context)));
        if (await BeginAsync(context, request) is { } earlier) await AnswerAgainAsync(context, request, earlier);
    }

    /// <summary>
    /// Begins the request, and does it to its end even if the caller hangs up meanwhile: that is when it is sent again, and what was cut off in the middle
    /// could not be answered.
    /// </summary>
    /// <returns>The request that came before; null when this one was done.</returns>
    private async Task<EarlierRequest?> BeginAsync(HttpContext context, NamedRequest request)
    {
        var caller = context.RequestAborted;
        using var late = new CancellationTokenSource(DoingMax, clock);
        context.RequestAborted = late.Token;
        try
        {
            if (await requests.BeginAsync(request, late.Token) is { } earlier) return earlier;
            await DoAsync(context, request, caller);
            return null;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new HubBusyException("It takes longer than a request may. Look what became of it before you ask again.", BusyRetry);
        }
        finally
        {
            context.RequestAborted = caller;
        }
    }

    private async Task DoAsync(HttpContext context, NamedRequest request, CancellationToken caller)
    {
        var (response, sent) = (context.Response, context.Response.Body);
        using var kept = new MemoryStream();
        response.Body = kept;
        try
        {
            await next(context);
        }
        catch (Exception fault) when (DidNothing(fault) && !context.Items.ContainsKey(DoneKey))
        {
            await DropAsync(request);
            throw;
        }
        finally
        {
            response.Body = sent;
        }

        var bytes = kept.ToArray();
        if (response.StatusCode < 300) await KeepAsync(response, request, bytes);
        else if (response.StatusCode < 500) await DropAsync(request);
        await sent.WriteAsync(bytes, caller);
    }

    /// <summary>
    /// Whether it was refused: as too much, as nothing that can be read, or by the store, which then has nothing of it; or never reached the database. When a
    /// connection breaks later, nobody knows.
    /// </summary>
    internal static bool DidNothing(Exception fault) => fault switch
    {
        HubBusyException or JsonException or BadHttpRequestException or PostgresException => true,
        NpgsqlException { InnerException: SocketException } => true, // nobody was there; a connection that breaks is told as an IOException
        NpgsqlException unreached => unreached.Message.StartsWith("The connection pool has been exhausted", StringComparison.Ordinal), // it has no sign but its words
        _ => false,
    };

    /// <summary>What was done was done, whether or not it can be kept: then a repeat learns that nobody knows.</summary>
    private async Task KeepAsync(HttpResponse response, NamedRequest request, byte[] body)
    {
        var copy = new AnswerCopy(response.ContentType, response.Headers.Location, response.Headers.ETag, Encoding.UTF8.GetString(body));
        try
        {
            var answer = secrets.Seal(Purpose(request), JsonSerializer.Serialize(copy, Written));
            await requests.EndAsync(request, response.StatusCode, answer, CancellationToken.None);
        }
        catch (Exception fault)
        {
            log.LogWarning("The answer to a request with an Idempotency-Key could not be kept: {Reason}", fault.Message);
        }
    }

    /// <summary>If it can't be done, a repeat learns that nobody knows.</summary>
    private async Task DropAsync(NamedRequest request)
    {
        try
        {
            await requests.DropAsync(request, CancellationToken.None);
        }
        catch (NpgsqlException fault)
        {
            log.LogWarning("The Idempotency-Key of a request that was refused could not be freed: {Reason}", fault.Message);
        }
    }

    private Task AnswerAgainAsync(HttpContext context, NamedRequest request, EarlierRequest earlier)
    {
        if (!earlier.IsSame)
        {
            return Problems.Of(new Refusal(
                "idempotency-key-reused", $"This {Header} stands for another request, of {Time(earlier)}. Make a new one for each.")).ExecuteAsync(context);
        }

        if (earlier is { Status: { } status, Answer: { } sealedAnswer } && Open(request, sealedAnswer) is { } copy) return WriteAsync(context.Response, status, copy);
        return earlier.Status is null && clock.GetUtcNow() - earlier.BegunAt < RunningMax
            ? Problems.Of(new Refusal("idempotency-key-busy", $"The request of this {Header} is being done."), TimeSpan.FromSeconds(1)).ExecuteAsync(context)
            : Problems.Of(new Refusal(
                "idempotency-key-lost",
                $"A request of this {Header} came at {Time(earlier)}, and what it was answered is not known any more. See whether it was done, "
                + "and if not, send it under a new key.")).ExecuteAsync(context);
    }

    /// <returns>Null when the key that it was sealed with is gone.</returns>
    private AnswerCopy? Open(NamedRequest request, string sealedAnswer)
    {
        try
        {
            return JsonSerializer.Deserialize<AnswerCopy>(secrets.Open(Purpose(request), sealedAnswer));
        }
        catch (SecretException)
        {
            return null;
        }
    }

    private static async Task WriteAsync(HttpResponse response, int status, AnswerCopy copy)
    {
        response.StatusCode = status;
        response.ContentType = copy.ContentType;
        if (copy.Location is { } location) response.Headers.Location = location;
        if (copy.ETag is { } tag) response.Headers.ETag = tag;
        response.Headers[ReplayedHeader] = "true";
        response.Headers.CacheControl = "no-store"; // it may show a secret
        if (copy.Body.Length > 0) await response.WriteAsync(copy.Body, response.HttpContext.RequestAborted);
    }

    private static string Time(EarlierRequest earlier) => earlier.BegunAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Purpose(NamedRequest request) => $"request:{request.Caller}/{request.Name}";

    /// <summary>The key; as a quoted string, too, as the draft has it. Null for what is none.</summary>
    private static string? Read(Microsoft.Extensions.Primitives.StringValues given)
    {
        if (given is not [{ } text]) return null;
        text = text.Trim();
        if (text is ['"', .., '"'] && text.Length > 2) text = text[1..^1];
        return text.Length is > 0 and <= KeyMax && text.All(one => one is >= ' ' and <= '~') ? text : null;
    }

    /// <summary>Reads it, and puts it back for whoever comes after us.</summary>
    private static async Task<byte[]> ReadBodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = JsonBody<object>.LengthMax;
        using var read = new MemoryStream();
        await context.Request.Body.CopyToAsync(read, context.RequestAborted);
        var body = read.ToArray();
        context.Request.Body = new MemoryStream(body, writable: false);
        return body;
    }

    private static byte[] Digest(HttpRequest request, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{request.ContentType}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
