using System.Text.Json;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Silo.Api;

/// <summary>
/// The outermost part: whatever goes wrong inside is answered as a problem, and so is an error that the framework left without words.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    private const string NoCharacter = PostgresErrorCodes.CharacterNotInRepertoire;
    private const string NoTranslation = PostgresErrorCodes.UntranslatableCharacter;
    private static readonly TimeSpan DatabaseRetry = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            var problem = Explain(fault, context);
            context.Response.Clear();
            await problem.ExecuteAsync(context);
            return;
        }

        if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null } && Wordless(context) is { } refusal)
            await new ProblemAnswer(Problems.View(refusal, context.Response.StatusCode), null).ExecuteAsync(context);
    }

    private ProblemAnswer Explain(Exception fault, HttpContext context)
    {
        switch (fault)
        {
            case HubBusyException busy:
                return Problems.Of(new Refusal("busy", busy.Message), busy.RetryAfter);
            case TurnPoisonedException { InnerException: PostgresException { SqlState: NoCharacter or NoTranslation } }:
            case PostgresException { SqlState: NoCharacter or NoTranslation }:
                return Problems.Of(new Refusal("malformed-request", "The request holds characters that no text may have."));
            case NpgsqlException { IsTransient: true } or NpgsqlException and not PostgresException:
            case PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }:
                log.LogWarning("The database does not answer: {Reason}", fault.Message);
                return Problems.Of(new Refusal("database-away", "The hub's database does not answer. Ask again; nothing is taken twice."), DatabaseRetry);
            case JsonException json:
                return Problems.Of(Malformed(json));
            case BadHttpRequestException { InnerException: JsonException json }:
                return Problems.Of(Malformed(json));
            case BadHttpRequestException bad:
                return new ProblemAnswer(Problems.View(new Refusal(CodeOf(bad.StatusCode), Words(bad)), bad.StatusCode), null);
            default:
                log.LogError(
                    fault, "{Method} {Route} failed; request {Request}.", context.Request.Method, RouteText.Of(context),
                    System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
                return Problems.Of(new Refusal("internal", "The hub has a fault; it was logged. Ask again later."));
        }
    }

    private static Refusal Malformed(JsonException fault) => new("malformed-json", fault is BodyException
        ? fault.Message
        : $"The body is not JSON: look at {JsonFault.Place(fault)}.");

    /// <summary>In the hub's own words, whoever refused it: the framework's speak of types and members that callers know nothing of.</summary>
    private static string Words(BadHttpRequestException bad) => bad switch
    {
        RequestException => bad.Message,
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => "The body is longer than may be sent here.",
        { StatusCode: StatusCodes.Status408RequestTimeout } => "The request came too slowly.",
        _ => "The request can't be read: it is cut off, or malformed below the level of its content.",
    };

    private static Refusal? Wordless(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new Refusal("route-unknown", $"There is nothing at {context.Request.Path}."),
        StatusCodes.Status405MethodNotAllowed => new Refusal("method-not-allowed", $"{context.Request.Method} can't be used here; see the Allow header."),
        StatusCodes.Status415UnsupportedMediaType => new Refusal("media-type-unsupported", $"Send the body as Content-Type: {MediaTypes.Of(context)}."),
        StatusCodes.Status499ClientClosedRequest => null,
        var status => new Refusal(CodeOf(status), "The request was refused."),
    };

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "unauthenticated",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status408RequestTimeout => "request-timeout",
        StatusCodes.Status413PayloadTooLarge => "body-too-large",
        StatusCodes.Status415UnsupportedMediaType => "media-type-unsupported",
        StatusCodes.Status429TooManyRequests => "too-many-requests",
        StatusCodes.Status503ServiceUnavailable => "busy",
        >= 500 => "internal",
        _ => "malformed-request",
    };
}
