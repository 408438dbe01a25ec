using MoMo.Domain.Adapters;
using MoMo.Engine;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Adapters;

/// <summary>One adapter's actor: its row is locked, its state decided, row and agenda written, in one transaction.</summary>
internal sealed class StoredAdapter(string id, NpgsqlDataSource database, Ids ids, TimeProvider clock, Action<AdapterStateChange> announce) : IAdapter
{
    private const string Select = "SELECT state, state_detail, state_since, seen_at, lease_until, archived FROM adapters WHERE id = $1 FOR NO KEY UPDATE";

    public Task<Outcome<AdapterLiveness>> Register(AdapterSignal signal) => HearAsync((actor, now) => actor.Register(signal, now));

    public Task<Outcome<AdapterLiveness>> Heartbeat(AdapterSignal signal) => HearAsync((actor, now) => actor.Heartbeat(signal, now));

    public Task<Outcome<AdapterLiveness>> Report(AdapterSignal signal) => HearAsync((actor, now) => actor.Report(signal, now));

    public async Task<AdapterLiveness?> ExpireAsync(AgendaItem item, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var change = new Change(connection, cancellation);
        var actor = await LoadAsync(change);
        var (before, now) = (actor?.State, clock.GetUtcNow());
        var expired = actor is not null && actor.Expire(now);
        var changed = expired ? await WriteAsync(change, before!, actor!.State, now) : null;
        if (!await Agenda.ReleaseAsync(connection, item, actor?.State.LeaseUntil, cancellation)) return null; // another silo claimed it since
        await transaction.CommitAsync(cancellation);
        if (changed is not null) announce(changed);
        return expired ? actor!.State : null;
    }

    public Task<bool> WatchAsync(AdapterActivity activity, CancellationToken cancellation) =>
        SeeAsync((actor, now) => actor.Watch(activity, now), cancellation);

    public Task<bool> UnlockAsync(string? problem, CancellationToken cancellation) => SeeAsync((actor, now) => actor.Unlock(problem, now), cancellation);

    /// <summary>The hub itself saw something.</summary>
    /// <param name="decide">True when that changes what is known of the adapter.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether that changed its state.</returns>
    private async Task<bool> SeeAsync(Func<AdapterActor, DateTimeOffset, bool> decide, CancellationToken cancellation)
    {
        AdapterStateChange? changed = null;
        await Change.RunAsync<AdapterLiveness>(
            database,
            async change =>
            {
                changed = null;
                if (await LoadAsync(change) is not { } actor) return Unknown.Adapter(id);
                var (before, now) = (actor.State, clock.GetUtcNow());
                if (decide(actor, now)) changed = await WriteAsync(change, before, actor.State, now);
                return actor.State;
            },
            cancellation);
        if (changed is not null) announce(changed);
        return changed is not null;
    }

    private async Task<Outcome<AdapterLiveness>> HearAsync(Func<AdapterActor, DateTimeOffset, AdapterLiveness> decide)
    {
        AdapterStateChange? changed = null;
        var outcome = await Change.RunAsync<AdapterLiveness>(
            database,
            async change =>
            {
                var archived = false;
                var actor = await LoadAsync(change, rows => archived = rows.GetBoolean(5));
                if (actor is null) return Unknown.Adapter(id);
                if (archived) return new Refusal("adapter-archived", $"Adapter '{id}' is archived and takes nothing.");
                var (before, now) = (actor.State, clock.GetUtcNow());
                var after = decide(actor, now);
                changed = await WriteAsync(change, before, after, now);
                await Agenda.SetAsync(change.Connection, AdapterLeases.AgendaKind, id, after.LeaseUntil, change.Cancellation);
                return after;
            },
            CancellationToken.None);
        if (changed is not null) announce(changed);
        return outcome;
    }

    private Task<AdapterActor?> LoadAsync(Change change, Action<NpgsqlDataReader>? also = null) => change.FindAsync(
        Select,
        rows =>
        {
            also?.Invoke(rows);
            return new AdapterActor(
                new AdapterLiveness(rows.GetString(0), rows.TextOrNull(1), rows.TimeOrNull(2), rows.TimeOrNull(3), rows.TimeOrNull(4)));
        },
        Sql.Of(id));

    /// <summary>
    /// Writes the state, and in the same transaction the change of it, if it is one. Whoever is to be told of every change adds that here; what only
    /// needs to know afterwards, such as logs and metrics, is told by <c>announce</c>, after the commit.
    /// </summary>
    private async Task<AdapterStateChange?> WriteAsync(Change change, AdapterLiveness before, AdapterLiveness after, DateTimeOffset now)
    {
        await change.RunAsync(
            "UPDATE adapters SET state = $2, state_detail = $3, state_since = $4, seen_at = $5, lease_until = $6 WHERE id = $1",
            Sql.Of(id), Sql.Of(after.State), Sql.Text(after.Detail), Sql.Time(after.Since), Sql.Time(after.SeenAt), Sql.Time(after.LeaseUntil));
        if (after.State == before.State) return null;
        await AdapterNewsTable.AddAsync(change, ids, id, after, now);
        return await change.FindAsync(
            $"INSERT INTO adapter_states (adapter_id, previous, state, detail, at) VALUES ($1, $2, $3, $4, $5) RETURNING {AdapterStateStore.Columns}",
            AdapterStateStore.Read, Sql.Of(id), Sql.Of(before.State), Sql.Of(after.State), Sql.Text(after.Detail), Sql.Time(now));
    }
}
