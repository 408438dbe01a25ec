using System.Collections.Concurrent;
using MoMo.Engine;

namespace MoMo.Domain.Routing;

/// <summary>
/// Remembers what accounts answered: a yes for ten minutes, a no for one. No answer is never remembered. Who asks what is being asked shares its
/// answer.
/// </summary>
public sealed class CachedLookups(ILookupClient lookups, TimeProvider clock) : ILookupClient
{
    private readonly Cache<(Uri Url, string Reference), LookupAnswer> yes = new(200_000, TimeSpan.FromMinutes(10), clock);
    private readonly Cache<(Uri Url, string Reference), LookupAnswer> no = new(200_000, TimeSpan.FromMinutes(1), clock);
    // As many as there are questions in flight. The deadline belongs to the key: nobody waits longer than his own.
    private readonly ConcurrentDictionary<(Uri Url, string Reference, TimeSpan Deadline), Lazy<Task<LookupAnswer>>> asking = new();

    /// <inheritdoc/>
    public async Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation)
    {
        if (Find(url, referenceId) is { } known) return known;
        return await asking.GetOrAdd((url, referenceId, deadline), static (question, all) => new(() => all.AskAsync(question)), this)
            .Value.WaitAsync(cancellation);
    }

    /// <summary>Not cancelled with one caller: others wait for it too, none longer than the deadline.</summary>
    private async Task<LookupAnswer> AskAsync((Uri Url, string Reference, TimeSpan Deadline) question)
    {
        try
        {
            // Another's question may have been answered just before this one began.
            if (Find(question.Url, question.Reference) is { } known) return known;
            var answer = await lookups.AskAsync(question.Url, question.Reference, question.Deadline, CancellationToken.None);
            if (answer.Known is { } found) (found ? yes : no).Keep((question.Url, question.Reference), answer);
            return answer;
        }
        finally
        {
            asking.TryRemove(question, out _);
        }
    }

    private LookupAnswer? Find(Uri url, string reference) =>
        yes.TryFind((url, reference), out var known) || no.TryFind((url, reference), out known) ? known : null;
}
