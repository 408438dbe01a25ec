using MoMo.Domain.Deliveries;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>Reads what pending deliveries wait for, for people: a few index entries for each.</summary>
/// <param name="database">Connects as the runtime role.</param>
/// <param name="clock">Tells what is due.</param>
public sealed class DeliveryWaits(NpgsqlDataSource database, TimeProvider clock)
{
    // As DueQuery has it: behind one that waits, of the same reference or, in the order of the account, of the lane. One that is ready holds up nobody
    // for longer than its own sending.
    private const string Select =
        $"""
        SELECT d.id, d.waits, d.due_at, t.paused, t.breaker AND s.opened > 0, {LaneStates.RestsUntil}, first.id, first.due_at
        FROM (
            SELECT id, lane, waits, due_at, order_key, sequence FROM delivery_rows WHERE id = ANY($1) AND state = 'pending'
            UNION ALL
            SELECT delivery_id(payment_id, lane), lane, false, due_at, order_key, sequence FROM unwritten_deliveries
            WHERE payment_id = ANY($3) AND delivery_id(payment_id, lane) = ANY($1)) d
        JOIN destinations t ON t.lane = d.lane {LaneStates.Joins} LEFT JOIN LATERAL (
            (SELECT w.id, w.due_at FROM delivery_rows w WHERE t.ordering = 'reference' AND w.lane = d.lane AND w.order_key = d.order_key
                AND w.state = 'pending' AND w.waits AND w.sequence < d.sequence ORDER BY w.sequence LIMIT 1)
            UNION ALL
            (SELECT w.id, w.due_at FROM delivery_rows w WHERE t.ordering = 'account' AND w.lane = d.lane
                AND w.state = 'pending' AND w.waits AND w.sequence < d.sequence ORDER BY w.sequence LIMIT 1)) first ON true
        """;

    /// <summary>What deliveries wait for, each by its id; those that are not pending, or whose destination is gone, are left out.</summary>
    /// <param name="deliveries">A page of them.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<Guid, DeliveryWait>> FindAsync(IEnumerable<DeliveryRecord> deliveries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        List<DeliveryRecord> pending = [.. deliveries.Where(one => one.State == "pending")];
        if (pending.Count == 0) return new Dictionary<Guid, DeliveryWait>();
        var now = clock.GetUtcNow();
        var found = await database.ListAsync(
            Select, rows => KeyValuePair.Create(rows.GetGuid(0), Read(rows, now)), cancellation, 
            Sql.Of(pending.ConvertAll(one => one.Id).ToArray()), Sql.Time(now),
            Sql.Of(pending.Select(one => one.PaymentId).OfType<Guid>().ToArray()));
        return new Dictionary<Guid, DeliveryWait>(found);
    }

    private static DeliveryWait Read(NpgsqlDataReader rows, DateTimeOffset now)
    {
        if (rows.GetBoolean(3)) return new DeliveryWait(WaitReason.Paused);
        var rests = rows.TimeOrNull(5);
        if (!rows.IsDBNull(6)) return new DeliveryWait(WaitReason.Behind, Later(rows.TimeOrNull(7), rests, now), rows.GetGuid(6));
        var due = rows.GetBoolean(1) ? rows.TimeOrNull(2) : null;
        if (rests is not null) return new DeliveryWait(!rows.IsDBNull(4) && rows.GetBoolean(4) ? WaitReason.Breaker : WaitReason.Slowed, Later(due, rests, now));
        return due > now ? new DeliveryWait(WaitReason.Scheduled, due) : new DeliveryWait(WaitReason.Due);
    }

    /// <summary>The later of two times; null when both are over.</summary>
    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other, DateTimeOffset now)
    {
        var later = one is null || other > one ? other : one;
        return later > now ? later : null;
    }
}
