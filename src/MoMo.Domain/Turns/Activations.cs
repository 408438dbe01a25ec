using System.Collections.Concurrent;
using MoMo.Domain.Accounts;

namespace MoMo.Domain.Turns;

/// <summary>
/// The accounts in memory. Only a cache: each turn compares the version with the one it fenced in the database and reloads what is stale, or has the
/// database compare it, so that two silos may hold the same account.
/// </summary>
internal sealed class Activations
{
    /// <summary>Accounts in memory at most, about 1 kB each.</summary>
    public const int Max = 100_000;

    private readonly ConcurrentDictionary<string, AccountActor> actors = new(StringComparer.Ordinal);

    /// <summary>The actor, if it is in memory as of this version.</summary>
    public AccountActor? Find(string account, long version) =>
        actors.TryGetValue(account, out var actor) && actor.State.Version == version ? actor : null;

    /// <summary>The actor as it is in memory, whatever version that is.</summary>
    public AccountActor? Find(string account) => actors.TryGetValue(account, out var actor) ? actor : null;

    public void Keep(AccountActor actor)
    {
        // Rare, and only a cache: starting anew costs one query for each account that is still busy.
        if (actors.Count >= Max) actors.Clear();
        actors[actor.State.Id] = actor;
    }
}
