using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Engine;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Proofs;

/// <summary>Reads messages that made no payment of their own. They are written by turns only.</summary>
public sealed class MessageStore(NpgsqlDataSource database)
{
    /// <summary>A page of messages, newest first.</summary>
    /// <param name="payment">Those that repeat this payment with other content.</param>
    /// <param name="why">Kept for this reason.</param>
    /// <param name="adapter">That came through this adapter.</param>
    /// <param name="after">Older than the message of this SHA-256: the last of the page before.</param>
    /// <param name="limit">At most so many; from 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The page, or <c>list-too-wide</c>.</returns>
    public Task<Outcome<IReadOnlyList<MessageRow>>> ListAsync(
        Guid? payment, string? why, string? adapter, byte[]? after, int limit, CancellationToken cancellation)
    {
        var list = Sql.Command(
            $"""
            SELECT m.sha256, m.psp_id, m.adapter_id, coalesce(n.kind, m.why), m.payment_id, m.received_at, n.psp_reference, n.amount_minor, n.currency, n.detail
            FROM kept_messages m LEFT JOIN LATERAL (
                SELECT * FROM message_notices o WHERE o.sha256 = m.sha256 ORDER BY o.adapter_id, o.position LIMIT 1) n ON true
            WHERE true {(payment is null ? "" : "AND m.payment_id = $1")} {(why is null ? "" : "AND coalesce(n.kind, m.why) = $2")}
                {(adapter is null ? "" : "AND m.adapter_id = $3")}
                {(after is null ? "" : "AND (m.received_at, m.sha256) < ((SELECT received_at FROM kept_messages WHERE sha256 = $4), $4)")}
            ORDER BY m.received_at DESC, m.sha256 DESC LIMIT $5
            """,
            new NpgsqlParameter { Value = (object?)payment ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            Sql.Text(why),
            Sql.Text(adapter),
            new NpgsqlParameter { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
            Sql.Of(limit));
        return BoundedList.ReadAsync(database, list, Read, cancellation);
    }

    /// <summary>A message: its envelope as JSON and its raw bytes; null when there is none of this SHA-256.</summary>
    public async Task<(string Envelope, byte[] Body)?> FindAsync(byte[] sha256, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        await using var command = database.CreateCommand("SELECT p.body, m.position FROM kept_messages m JOIN proof_packs p ON p.id = m.pack WHERE m.sha256 = $1")
            .With(Sql.Of(sha256));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? ProofPack.Read(rows.GetFieldValue<byte[]>(0), rows.GetInt32(1)) : null;
    }

    private static MessageRow Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<byte[]>(0),
        row.IsDBNull(1) ? null : row.GetString(1),
        row.IsDBNull(2) ? null : row.GetString(2),
        row.GetString(3),
        row.IsDBNull(4) ? null : row.GetGuid(4),
        row.GetFieldValue<DateTimeOffset>(5))
    {
        PspReference = row.IsDBNull(6) ? null : row.GetString(6),
        Amount = row.IsDBNull(7) ? null : new Money(row.GetInt64(7), Currency.Find(row.GetString(8))!),
        Detail = row.IsDBNull(9) ? null : row.GetString(9),
    };
}
