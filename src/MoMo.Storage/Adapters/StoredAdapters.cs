using MoMo.Domain.Adapters;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Adapters;

/// <summary>Adapters whose liveness is in PostgreSQL.</summary>
public sealed class StoredAdapters(NpgsqlDataSource database, TimeProvider clock) : IAdapters
{
    private readonly Ids ids = new(clock, Random.Shared);

    /// <inheritdoc/>
    public IAdapter Of(string adapterId) => new StoredAdapter(adapterId, database, ids, clock);

    /// <summary>The clock says that an adapter's lease may have run out.</summary>
    /// <param name="item">The claimed agenda row; let go of in the same transaction.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The adapter as it is now when this put it down; null when it lives, is gone, or another silo saw to it.</returns>
    public Task<AdapterLiveness?> ExpireAsync(AgendaItem item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new StoredAdapter(item.Key, database, ids, clock).ExpireAsync(item, cancellation);
    }
}
