using MoMo.Domain.Adapters;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Adapters;

/// <summary>Adapters whose liveness is in PostgreSQL.</summary>
/// <param name="database">Where.</param>
/// <param name="clock">The time.</param>
/// <param name="announce">Told of every change of a state, after its commit, by the silo that made it. It must not throw.</param>
public sealed class StoredAdapters(NpgsqlDataSource database, TimeProvider clock, Action<AdapterStateChange> announce) : IAdapters
{
    private readonly Ids ids = new(clock, Random.Shared);

    /// <inheritdoc/>
    public IAdapter Of(string adapterId) => new StoredAdapter(adapterId, database, ids, clock, announce);

    /// <summary>The clock says that an adapter's lease may have run out.</summary>
    /// <param name="item">The claimed agenda row; let go of in the same transaction.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The adapter as it is now when this put it down; null when it lives, is gone, or another silo saw to it.</returns>
    public Task<AdapterLiveness?> ExpireAsync(AgendaItem item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new StoredAdapter(item.Key, database, ids, clock, announce).ExpireAsync(item, cancellation);
    }

    /// <summary>Somebody looked at what an adapter brought lately.</summary>
    /// <param name="adapterId">The adapter.</param>
    /// <param name="activity">What it brought.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether that changed its state.</returns>
    public Task<bool> WatchAsync(string adapterId, AdapterActivity activity, CancellationToken cancellation) =>
        new StoredAdapter(adapterId, database, ids, clock, announce).WatchAsync(activity, cancellation);

    /// <summary>The hub needed an adapter's credentials.</summary>
    /// <param name="adapterId">The adapter.</param>
    /// <param name="problem">Why they can't be opened, without secrets; null when they can.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether that changed its state.</returns>
    public Task<bool> UnlockAsync(string adapterId, string? problem, CancellationToken cancellation) =>
        new StoredAdapter(adapterId, database, ids, clock, announce).UnlockAsync(problem, cancellation);
}
