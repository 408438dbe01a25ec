using MoMo.Domain.Deliveries;
using MoMo.Storage.Journal;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>A delivery as a row, when it becomes due for the first time.</summary>
internal static class DeliveryRow
{
    /// <summary>In the order of <see cref="Write"/>.</summary>
    public const string Copy = $"COPY delivery_rows ({Columns}) FROM STDIN (FORMAT binary)";

    private const string Columns = "id, lane, payment_id, account_id, sequence, due_at, created_at, order_key, event_id";

    public static void Write(CopyBuffer row, Delivery delivery)
    {
        row.Row(9);
        row.Uuid(delivery.Id);
        row.Int64(delivery.Lane);
        row.Uuid(delivery.PaymentId);
        row.Text(delivery.AccountId);
        row.Int64(delivery.Sequence);
        row.Time(delivery.DueAt);
        row.Time(delivery.DueAt);
        row.Text(delivery.OrderKey);
        row.Uuid(delivery.ReversalId);
    }

    public static NpgsqlBatchCommand Insert(List<Delivery> deliveries) => Sql.Command(
        $"""
        INSERT INTO delivery_rows ({Columns}) SELECT id, lane, payment_id, account_id, sequence, due_at, due_at, order_key, event_id
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS g (id, lane, payment_id, account_id, sequence, due_at, order_key, event_id)
        """,
        Sql.Of(deliveries.ConvertAll(one => one.Id).ToArray()),
        Sql.Of(deliveries.ConvertAll(one => one.Lane).ToArray()),
        Sql.Of(deliveries.ConvertAll(one => one.PaymentId).ToArray()),
        Sql.Of(deliveries.ConvertAll(one => one.AccountId).ToArray()),
        Sql.Of(deliveries.ConvertAll(one => one.Sequence).ToArray()),
        Sql.Times(deliveries.ConvertAll(one => (DateTimeOffset?)one.DueAt).ToArray()),
        Sql.Texts(deliveries.ConvertAll(one => one.OrderKey).ToArray()),
        Sql.Uuids(deliveries.ConvertAll(one => one.ReversalId).ToArray()));
}
