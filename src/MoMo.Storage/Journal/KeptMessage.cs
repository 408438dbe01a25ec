using MoMo.Domain.Proofs;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>A message that made no payment of its own, on its way to its table.</summary>
internal sealed record KeptMessage(ProofLink Link, string? Psp, string? Adapter, string Why, Guid? PaymentId, DateTimeOffset ReceivedAt)
{
    public NpgsqlBatchCommand Insert() => Sql.Command(
        """
        INSERT INTO kept_messages (sha256, pack, position, psp_id, adapter_id, why, payment_id, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
        """,
        Sql.Of(Link.Sha256),
        Sql.Of(Link.Pack!.Value),
        Sql.Of(Link.Position),
        Sql.Text(Psp),
        Sql.Text(Adapter),
        Sql.Of(Why),
        new NpgsqlParameter { Value = (object?)PaymentId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
        Sql.Time(ReceivedAt));
}
