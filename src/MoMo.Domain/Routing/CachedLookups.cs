using MoMo.Engine;

namespace MoMo.Domain.Routing;

/// <summary>Remembers what accounts answered: a yes for ten minutes, a no for one. No answer is never remembered.</summary>
public sealed class CachedLookups(ILookupClient lookups, TimeProvider clock) : ILookupClient
{
    private readonly Cache<(Uri Url, string Reference), LookupAnswer> yes = new(200_000, TimeSpan.FromMinutes(10), clock);
    private readonly Cache<(Uri Url, string Reference), LookupAnswer> no = new(200_000, TimeSpan.FromMinutes(1), clock);

    /// <inheritdoc/>
    public async Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation)
    {
        var key = (url, referenceId);
        if (yes.TryFind(key, out var known) || no.TryFind(key, out known)) return known;
        var answer = await lookups.AskAsync(url, referenceId, deadline, cancellation);
        if (answer.Known is { } found) (found ? yes : no).Keep(key, answer);
        return answer;
    }
}
