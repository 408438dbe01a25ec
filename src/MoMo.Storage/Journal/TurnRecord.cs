using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Payments;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>What the accounts of a turn decided, on its way to the tables.</summary>
internal sealed class TurnRecord
{
    /// <summary>Rows that go by INSERT at most; measured: beyond it COPY is cheaper in spite of its own round trips.</summary>
    private const int InsertMax = 200;

    private readonly CopyBuffer paymentRows = new();
    private readonly CopyBuffer deliveryRows = new();

    public List<Payment> Payments { get; } = [];

    public List<Delivery> Deliveries { get; } = [];

    public List<Assignment> Assignments { get; } = [];

    public void Clear()
    {
        Payments.Clear();
        Deliveries.Clear();
        Assignments.Clear();
        paymentRows.Clear();
        deliveryRows.Clear();
    }

    /// <summary>
    /// Writes it: many rows at once by COPY, which costs the least for each; few with the batch by INSERT, because they travel together with
    /// everything else.
    /// </summary>
    public async Task AddAsync(NpgsqlBatch batch, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (Payments.Count > InsertMax)
        {
            foreach (var payment in Payments) PaymentRow.Write(paymentRows, payment);
            await paymentRows.CopyAsync(connection, PaymentRow.Copy, cancellation);
        }
        else if (Payments.Count > 0)
        {
            batch.BatchCommands.Add(PaymentRow.Insert(Payments));
        }

        if (Deliveries.Count > InsertMax)
        {
            foreach (var delivery in Deliveries) DeliveryRow.Write(deliveryRows, delivery);
            await deliveryRows.CopyAsync(connection, DeliveryRow.Copy, cancellation);
        }
        else if (Deliveries.Count > 0)
        {
            batch.BatchCommands.Add(DeliveryRow.Insert(Deliveries));
        }

        foreach (var assignment in Assignments) batch.BatchCommands.Add(Insert(assignment));
    }

    private static NpgsqlBatchCommand Insert(Assignment assignment) => Sql.Command(
        """
        INSERT INTO assignments (payment_id, account_id, sequence, reference_id, reason, assigned_by, assigned_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        Sql.Of(assignment.PaymentId),
        Sql.Of(assignment.AccountId),
        Sql.Of(assignment.Sequence),
        Sql.Text(assignment.ReferenceId),
        Sql.Of(assignment.Reason),
        Sql.Of(assignment.By),
        Sql.Time(assignment.At));
}
