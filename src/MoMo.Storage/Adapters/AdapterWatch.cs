using Microsoft.Extensions.Logging;
using MoMo.Domain.Adapters;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Adapters;

/// <summary>
/// Looks every minute, in one silo, at what adapters brought lately: who brings fewer than usual is silent, whose payments are refused is degraded.
/// Every silo writes what it counted, every ten seconds.
/// </summary>
public sealed class AdapterWatch(
    NpgsqlDataSource database, Agenda agenda, StoredAdapters adapters, AdapterFlow flow, TimeProvider clock, ILogger<AdapterWatch> log)
    : RoundWorker("Looking at what adapters bring", Every, clock, log)
{
    /// <summary>Kind of the agenda row; there is one.</summary>
    public const string AgendaKind = "adapter-watch";

    private const int HoursOfWeek = 168;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(15);

    private readonly TimeProvider clock = clock;

    /// <summary>Writes what was counted, and looks and learns if that is due.</summary>
    /// <returns>How many adapters came into another state.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        await flow.FlushAsync(cancellation);
        foreach (var item in await agenda.ClaimAsync(AdapterFlow.AgendaKind, 1, Lease, clock.GetUtcNow(), cancellation))
            await flow.LearnAsync(item, cancellation);
        var changed = 0;
        foreach (var item in await agenda.ClaimAsync(AgendaKind, 1, Lease, clock.GetUtcNow(), cancellation))
        {
            await EachAsync(
                await LookAsync(cancellation),
                async seen =>
                {
                    if (await adapters.WatchAsync(seen.Id, seen.Activity, cancellation)) changed++;
                },
                cancellation);
            await agenda.ReleaseAsync(item, clock.GetUtcNow() + LookEvery, cancellation);
        }

        return changed;
    }

    /// <inheritdoc/>
    protected override bool RestsFirst => true;

    /// <inheritdoc/>
    protected override async Task<bool> RoundAsync(CancellationToken stopping)
    {
        await RunOnceAsync(stopping);
        return false;
    }

    /// <summary>What was counted until the end is written, too.</summary>
    protected override Task EndAsync() => flow.FlushAsync(CancellationToken.None);

    /// <summary>Only those that may have to change: something was refused, nothing came for a while, or they are in a state that the watch gave.</summary>
    private async Task<IReadOnlyList<(string Id, AdapterActivity Activity)>> LookAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var seen = await database.ListAsync(
            """
            SELECT a.id, a.state_since, a.last_payment_at, coalesce(sum(c.payments), 0)::bigint, coalesce(sum(c.refused), 0)::bigint
            FROM adapters a LEFT JOIN adapter_counts c ON c.adapter_id = a.id AND c.slot > $1
            WHERE NOT a.archived AND a.state <> 'down' AND (a.last_payment_at IS NOT NULL OR c.slot IS NOT NULL)
            GROUP BY a.id
            HAVING a.state IN ('silent', 'degraded') OR coalesce(sum(c.refused), 0) >= $2 OR a.last_payment_at <= $3
            """,
            rows => (Id: rows.GetString(0), Since: rows.TimeOrNull(1), Last: rows.TimeOrNull(2), Taken: rows.GetInt64(3), Refused: rows.GetInt64(4)),
            cancellation, Sql.Time(now - Lately), Sql.Of((long)AdapterActivity.RefusedMin), Sql.Time(now - AdapterActivity.QuietMin));
        List<(string, AdapterActivity)> found = [];
        foreach (var one in seen)
        {
            // An adapter that was down until just now has not been silent for longer than that.
            var from = one.Since > one.Last ? one.Since : one.Last;
            var expected = from is { } since ? AdapterActivity.Usual(await UsualAsync(one.Id, cancellation), since, now) : null;
            found.Add((one.Id, new AdapterActivity(one.Last, expected, from is { } then ? now - then : TimeSpan.Zero, one.Taken, one.Refused)));
        }

        return found;
    }

    private async Task<(long, int)[]> UsualAsync(string adapter, CancellationToken cancellation)
    {
        var usual = new (long Payments, int Weeks)[HoursOfWeek];
        var rows = await database.ListAsync(
            "SELECT hour_of_week, payments, weeks FROM adapter_flow WHERE adapter_id = $1",
            row => (Hour: row.GetInt16(0), Payments: row.GetInt64(1), Weeks: row.GetInt32(2)), cancellation, Sql.Of(adapter));
        foreach (var (hour, payments, weeks) in rows) usual[hour] = (payments, weeks);
        return usual;
    }
}
