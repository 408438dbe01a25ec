using MoMo.Domain.Adapters;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Adapters;

/// <summary>Reads the history of adapters' states.</summary>
public sealed class AdapterStateStore(NpgsqlDataSource database)
{
    internal const string Columns = "id, adapter_id, previous, state, detail, at";

    /// <summary>An adapter's changes, newest first.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="before">Older than this one: the last of the page before.</param>
    /// <param name="max">At most so many; from 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<AdapterStateChange>> ListAsync(string adapter, long? before, int max, CancellationToken cancellation) => database.ListAsync(
        $"SELECT {Columns} FROM adapter_states WHERE adapter_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        Read, cancellation, Sql.Of(adapter), Sql.Of(before ?? long.MaxValue), Sql.Of(max));

    internal static AdapterStateChange Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.GetFieldValue<DateTimeOffset>(5));
}
