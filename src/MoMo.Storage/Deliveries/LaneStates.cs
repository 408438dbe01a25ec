using MoMo.Domain.Deliveries;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>Reads how lanes stand, for people: a few pages of indexes for each, whatever waits in it.</summary>
/// <param name="database">Connects as the runtime role.</param>
/// <param name="clock">Tells which rests are over.</param>
public sealed class LaneStates(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>A lane s and its agenda row g: until when it rests. A lease that a silo holds is none: the state knows it from a rest.</summary>
    internal const string RestsUntil = "CASE WHEN g.leased_until = s.rest_until AND g.leased_until > $2 THEN g.leased_until END";

    /// <summary>A lane's state and agenda row, joined to its destination t.</summary>
    internal const string Joins = "LEFT JOIN lane_states s ON s.lane = t.lane LEFT JOIN agenda g ON g.kind = 'lane' AND g.key = t.lane::text";

    /// <summary>The lowest numbers among which the oldest delivery is looked for: numbers rise with time, but news of adapters have none.</summary>
    private const int OldestAmong = 100;

    /// <summary>Lane t, when something may wait in it: of one that sleeps, all payments since its mark would be looked through for nothing.</summary>
    private const string IfBusy = "t.lane AND (t.paused OR g.due_at < 'infinity')";

    private static readonly string Select =
        $"""
        SELECT t.lane, s.failing_since, coalesce(s.opened, 0), coalesce(s.recovering, false), s.open_since, {RestsUntil},
            g.leased_until > $2 AND g.leased_until IS DISTINCT FROM s.rest_until AND s.open_since > coalesce(s.rest_until, '-infinity'),
            nullif(g.due_at, 'infinity'),
            (SELECT count(*) FROM (SELECT FROM delivery_rows WHERE lane = t.lane AND state = 'pending' AND NOT waits LIMIT {LaneState.CountMax}) ready)
                + (SELECT count(*) FROM (SELECT FROM delivery_rows WHERE lane = t.lane AND state = 'pending' AND waits LIMIT {LaneState.CountMax}) waiting)
                + (SELECT count(*) FROM ({UnwrittenDeliveries.Select("", "0", $"{LaneState.CountMax}", UnwrittenDeliveries.Within("0"), IfBusy, order: "")}) unwritten),
            (SELECT min(created_at) FROM (
                (SELECT created_at FROM delivery_rows WHERE lane = t.lane AND state = 'pending' AND NOT waits ORDER BY sequence LIMIT {OldestAmong})
                UNION ALL
                (SELECT created_at FROM delivery_rows WHERE lane = t.lane AND state = 'pending' AND waits ORDER BY sequence LIMIT {OldestAmong})
                UNION ALL
                ({UnwrittenDeliveries.Select("p.received_at", "0", $"{OldestAmong}", UnwrittenDeliveries.Within("0"), IfBusy)})) lowest)
        FROM destinations t {Joins} WHERE t.lane = ANY($1)
        """;

    /// <summary>How lanes stand, each by its number; those that are gone are left out.</summary>
    /// <param name="lanes">At most as many as an account has destinations.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<long, LaneState>> FindAsync(IReadOnlyCollection<long> lanes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        if (lanes.Count == 0) return new Dictionary<long, LaneState>();
        var found = await database.ListAsync(Select, Read, cancellation, Sql.Of(lanes.ToArray()), Sql.Time(clock.GetUtcNow()));
        return found.ToDictionary(one => one.Lane);
    }

    private static LaneState Read(NpgsqlDataReader rows) => new(rows.GetInt64(0), new LaneHealth(rows.TimeOrNull(1), rows.GetInt32(2), rows.GetBoolean(3)))
    {
        OpenSince = rows.TimeOrNull(4),
        RestsUntil = rows.TimeOrNull(5),
        Ending = !rows.IsDBNull(6) && rows.GetBoolean(6),
        DueAt = rows.TimeOrNull(7),
        Waiting = rows.GetInt64(8),
        OldestAt = rows.TimeOrNull(9),
    };
}
