using System.Net;
using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Client;

/// <summary>Reads why the hub refused.</summary>
internal static class Refusal
{
    /// <summary>Bytes of a refusal that are read. A page of a proxy may be longer; nobody needs the rest.</summary>
    private const int SizeMax = 65_536;

    public static async Task<MoMoException> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellation)
    {
        var problem = await ReadProblemAsync(response, cancellation) ?? new ProblemView();
        problem = problem with
        {
            Status = (int)response.StatusCode,
            Title = problem.Title ?? response.ReasonPhrase,
            Detail = problem.Detail ?? problem.Title ?? $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.",
        };
        return new MoMoException(problem, RetryAfter(response, clock));
    }

    /// <summary>What answered does not speak the hub's language, although it said that all is well.</summary>
    public static MoMoException Unreadable(HttpStatusCode status, JsonException cause) => new(
        new ProblemView
        {
            Status = (int)status,
            Code = "answer-unreadable",
            Detail = "The answer is not the hub's. Check the address, and that client and hub are of the same version.",
        },
        innerException: cause);

    /// <summary>The refusal of a repeat, whose attempt before may have been done: that is what a change may have stumbled over, and not somebody else.</summary>
    public static MoMoException OfRepeat(MoMoException refusal, HttpMethod? method)
    {
        var problem = refusal.Status == HttpStatusCode.PreconditionFailed && method == HttpMethod.Put
            ? refusal.Problem with
            {
                Code = "change-unsure",
                Detail = "The hub could not say whether the first attempt was done, and found another version when the change was sent again: either the first "
                    + "attempt was done, or somebody else changed it. Look at it before you change it again.",
            }
            : refusal.Problem;
        return new MoMoException(problem, refusal.RetryAfter) { IsUnsure = true };
    }

    private static async Task<ProblemView?> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json")) return null;

        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[SizeMax];
        var length = await body.ReadAtLeastAsync(bytes, SizeMax, throwOnEndOfStream: false, cancellation);
        try
        {
            return JsonSerializer.Deserialize(bytes.AsSpan(0, length), MoMoJson.Default.ProblemView);
        }
        catch (JsonException)
        {
            // A proxy's own words: the status says enough.
            return null;
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
