using MoMo.Domain.Adapters;
using MoMo.Engine;
using MoMo.Storage.Journal;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Adapters;

/// <summary>One adapter's actor: its row is locked, its state decided, row and agenda written, in one transaction.</summary>
internal sealed class StoredAdapter(string id, NpgsqlDataSource database, Ids ids, TimeProvider clock) : IAdapter
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
        var expired = actor is not null && actor.Expire(clock.GetUtcNow());
        if (expired) await WriteAsync(change, actor!.State, told: true);
        if (!await Agenda.ReleaseAsync(connection, item, actor?.State.LeaseUntil, cancellation)) return null; // another silo claimed it since
        await transaction.CommitAsync(cancellation);
        return expired ? actor!.State : null;
    }

    private Task<Outcome<AdapterLiveness>> HearAsync(Func<AdapterActor, DateTimeOffset, AdapterLiveness> decide) =>
        Change.RunAsync<AdapterLiveness>(
            database,
            async change =>
            {
                var archived = false;
                var actor = await LoadAsync(change, rows => archived = rows.GetBoolean(5));
                if (actor is null) return Unknown.Adapter(id);
                if (archived) return new Refusal("adapter-archived", $"Adapter '{id}' is archived and takes nothing.");
                var before = actor.State.State;
                var now = decide(actor, clock.GetUtcNow());
                await WriteAsync(change, now, told: now.State != before);
                await Agenda.SetAsync(change.Connection, AdapterLeases.AgendaKind, id, now.LeaseUntil, change.Cancellation);
                return now;
            },
            CancellationToken.None);

    private Task<AdapterActor?> LoadAsync(Change change, Action<NpgsqlDataReader>? also = null) => change.FindAsync(
        Select,
        rows =>
        {
            also?.Invoke(rows);
            return new AdapterActor(
                new AdapterLiveness(rows.GetString(0), rows.TextOrNull(1), rows.TimeOrNull(2), rows.TimeOrNull(3), rows.TimeOrNull(4)));
        },
        Sql.Of(id));

    /// <param name="change">The transaction.</param>
    /// <param name="now">What the adapter is from now on.</param>
    /// <param name="told">Whether destinations that asked for it are told.</param>
    private async Task WriteAsync(Change change, AdapterLiveness now, bool told)
    {
        await change.RunAsync(
            "UPDATE adapters SET state = $2, state_detail = $3, state_since = $4, seen_at = $5, lease_until = $6 WHERE id = $1",
            Sql.Of(id), Sql.Of(now.State), Sql.Text(now.Detail), Sql.Time(now.Since), Sql.Time(now.SeenAt), Sql.Time(now.LeaseUntil));
        if (told) await AdapterNewsTable.AddAsync(change, ids, id, now, clock.GetUtcNow());
    }
}
