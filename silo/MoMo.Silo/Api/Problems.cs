using System.Collections.Frozen;
using MoMo.Client.Wire;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>Turns refusals into RFC 9457 problems. The one place that knows which code is which status.</summary>
internal static class Problems
{
    /// <summary>The media type of a problem.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Characters of a detail: what it repeats of the request may be as long as an address.</summary>
    private const int DetailMax = 1_000;

    // Codes that are not 422. Besides, by rule: "…-unknown" is 404 when the address names the unknown thing, 422 when a field does.
    private static readonly FrozenDictionary<string, int> Statuses = new Dictionary<string, int>
    {
        ["malformed-form"] = StatusCodes.Status400BadRequest,
        ["malformed-json"] = StatusCodes.Status400BadRequest,
        ["malformed-request"] = StatusCodes.Status400BadRequest,
        ["query-malformed"] = StatusCodes.Status400BadRequest,
        ["idempotency-key-malformed"] = StatusCodes.Status400BadRequest,
        ["idempotency-key-busy"] = StatusCodes.Status409Conflict,
        ["idempotency-key-lost"] = StatusCodes.Status409Conflict,
        ["unauthenticated"] = StatusCodes.Status401Unauthorized,
        ["forbidden"] = StatusCodes.Status403Forbidden,
        ["method-not-allowed"] = StatusCodes.Status405MethodNotAllowed,
        ["admin-key-last"] = StatusCodes.Status409Conflict,
        ["dead-letters"] = StatusCodes.Status409Conflict,
        ["destination-gone"] = StatusCodes.Status409Conflict,
        ["destination-unsigned"] = StatusCodes.Status409Conflict,
        ["destinations-full"] = StatusCodes.Status409Conflict,
        ["id-taken"] = StatusCodes.Status409Conflict,
        ["in-use"] = StatusCodes.Status409Conflict,
        ["key-ambiguous"] = StatusCodes.Status409Conflict,
        ["name-taken"] = StatusCodes.Status409Conflict,
        ["payment-differs"] = StatusCodes.Status409Conflict,
        ["payment-in-suspense"] = StatusCodes.Status409Conflict,
        ["payment-not-in-suspense"] = StatusCodes.Status409Conflict,
        ["payment-reversed"] = StatusCodes.Status409Conflict,
        ["questions-full"] = StatusCodes.Status409Conflict,
        ["reference-in-use"] = StatusCodes.Status409Conflict,
        ["replays-full"] = StatusCodes.Status409Conflict,
        ["rotation-running"] = StatusCodes.Status409Conflict,
        ["rotation-over"] = StatusCodes.Status409Conflict,
        ["url-taken"] = StatusCodes.Status409Conflict,
        ["etag-mismatch"] = StatusCodes.Status412PreconditionFailed,
        ["body-too-large"] = StatusCodes.Status413PayloadTooLarge,
        ["media-type-unsupported"] = StatusCodes.Status415UnsupportedMediaType,
        ["too-many-requests"] = StatusCodes.Status429TooManyRequests,
        ["internal"] = StatusCodes.Status500InternalServerError,
        ["busy"] = StatusCodes.Status503ServiceUnavailable,
        ["stream-silent"] = StatusCodes.Status503ServiceUnavailable, // and not 408: clients send a line again for which they get this
        ["database-away"] = StatusCodes.Status503ServiceUnavailable,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The status that a refusal is answered with.</summary>
    public static int StatusOf(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        if (Statuses.TryGetValue(refusal.Code, out var status)) return status;
        return refusal.Code.EndsWith("-unknown", StringComparison.Ordinal) && refusal.Faults.Count == 0
            ? StatusCodes.Status404NotFound
            : StatusCodes.Status422UnprocessableEntity;
    }

    /// <summary>An answer that says why not.</summary>
    /// <param name="refusal">Why not.</param>
    /// <param name="retryAfter">When to ask again: for 429 and 503.</param>
    public static ProblemAnswer Of(Refusal refusal, TimeSpan? retryAfter = null) => new(View(refusal, StatusOf(refusal)), retryAfter);

    /// <summary>The problem as it is written.</summary>
    public static ProblemView View(Refusal refusal, int status)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new ProblemView
        {
            Type = $"/docs/problems#{refusal.Code}",
            Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Code = refusal.Code,
            Detail = refusal.Detail.Length > DetailMax ? $"{refusal.Detail[..DetailMax]}…" : refusal.Detail,
            Errors = Errors(refusal),
        };
    }

    /// <summary>What is wrong with which field; null when no field is to blame.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Faults.Count == 0
            ? null
            : refusal.Faults.GroupBy(fault => fault.Field).ToDictionary(
                group => group.Key, IReadOnlyList<string> (group) => [.. group.Select(fault => fault.Detail)]);
    }
}
