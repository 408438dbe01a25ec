using MoMo.Domain.Deliveries;
using MoMo.Storage.Journal;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Deliveries;

/// <summary>Reads deliveries, and makes one due again on an operator's word.</summary>
public sealed class DeliveryStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Select = """
        SELECT d.id, d.payment_id, d.account_id, t.id, d.sequence, d.state, d.attempts, d.due_at, d.created_at, d.attempted_at, d.delivered_at,
            d.last_status, d.last_error
        FROM deliveries d LEFT JOIN destinations t ON t.lane = d.lane
        """;

    /// <summary>The delivery, or null.</summary>
    public async Task<DeliveryRecord?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{Select} WHERE d.id = $1").With(Sql.Of(id));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? Read(rows) : null;
    }

    /// <summary>A page of deliveries, newest first.</summary>
    public async Task<IReadOnlyList<DeliveryRecord>> ListAsync(
        string? state, string? account, Guid? payment, Guid? after, int limit, CancellationToken cancellation)
    {
        // The state stands in the text, not as a parameter, so that the partial indexes of pending and dead ones serve.
        var condition = state is "pending" or "dead" or "delivered" ? $"d.state = '{state}' AND" : "";
        await using var command = database.CreateCommand(
            $"""
            {Select} WHERE {condition} ($1::text IS NULL OR d.account_id = $1) AND ($2::uuid IS NULL OR d.payment_id = $2)
                AND ($3::uuid IS NULL OR d.id < $3) ORDER BY d.id DESC LIMIT $4
            """)
            .With(Sql.Text(account), Uuid(payment), Uuid(after), Sql.Of(limit));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<DeliveryRecord> found = [];
        while (await rows.ReadAsync(cancellation)) found.Add(Read(rows));
        return found;
    }

    /// <summary>Makes a delivery due now, whatever its state: the receiver recognises a repeat by its id.</summary>
    public async Task RetryAsync(Guid id, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN"));
        // In the order of turns and of whoever lets a lane go: the head first.
        batch.BatchCommands.Add(Sql.Command(
            "SELECT FROM account_heads WHERE account_id = (SELECT account_id FROM deliveries WHERE id = $1) FOR UPDATE", Sql.Of(id)));
        batch.BatchCommands.Add(Sql.Command(
            """
            WITH again AS (
                UPDATE deliveries SET state = 'pending', due_at = $2
                WHERE id = $1 AND EXISTS (SELECT FROM destinations t WHERE t.lane = deliveries.lane) RETURNING lane)
            UPDATE agenda SET due_at = LEAST(agenda.due_at, $2) FROM again WHERE kind = 'lane' AND key = again.lane::text
            """,
            Sql.Of(id),
            Sql.Time(clock.GetUtcNow())));
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Uuid(Guid? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static DeliveryRecord Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        PaymentId = row.GetGuid(1),
        AccountId = row.GetString(2),
        DestinationId = row.IsDBNull(3) ? null : row.GetString(3),
        Sequence = row.GetInt64(4),
        State = row.GetString(5),
        Attempts = row.GetInt32(6),
        DueAt = row.GetFieldValue<DateTimeOffset>(7),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(8),
        AttemptedAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        DeliveredAt = row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10),
        LastStatus = row.IsDBNull(11) ? null : row.GetInt32(11),
        LastError = row.IsDBNull(12) ? null : row.GetString(12),
    };
}
