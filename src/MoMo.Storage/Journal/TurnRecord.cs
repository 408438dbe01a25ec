using MoMo.Domain.Deliveries;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Turns;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Payments;
using MoMo.Storage.Questions;
using MoMo.Storage.Reversals;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Journal;

/// <summary>Writes what the accounts of a turn decided to the tables; its buffers are used again by the next turn.</summary>
internal sealed class TurnRecord
{
    /// <summary>Rows that go by INSERT at most; measured: beyond it COPY is cheaper in spite of its own round trips.</summary>
    private const int InsertMax = 200;

    private static string? takeSql;

    private readonly CopyBuffer paymentRows = new();
    private readonly CopyBuffer deliveryRows = new();

    /// <summary>
    /// Writes it: many rows at once by COPY, which costs the least for each; few with the batch by INSERT, because they travel together with
    /// everything else.
    /// </summary>
    public async Task AddAsync(TurnFacts facts, NpgsqlBatch batch, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (facts.Pack is { } pack)
            batch.BatchCommands.Add(Sql.Command("INSERT INTO proof_packs (id, body) VALUES ($1, $2)", Sql.Of(facts.PackId), Sql.Of(pack)));
        foreach (var message in facts.Kept) batch.BatchCommands.Add(Insert(message));
        foreach (var notice in facts.Notices) batch.BatchCommands.Add(Insert(notice));
        foreach (var question in QuestionRow.Open(facts.Questions)) batch.BatchCommands.Add(question);
        await AddPaymentsAsync(facts.Payments, batch, connection, cancellation);
        await AddDeliveriesAsync(facts.Deliveries.FindAll(one => !one.Follows), batch, connection, cancellation);
        foreach (var assignment in facts.Assignments) batch.BatchCommands.Add(Insert(assignment));
        foreach (var reversal in facts.Reversals) batch.BatchCommands.Add(ReversalRow.Insert(reversal));
        foreach (var unlinking in facts.Unlinkings) batch.BatchCommands.Add(UnlinkingRow.Insert(unlinking));
        foreach (var link in facts.ReversalLinks) batch.BatchCommands.Add(ReversalRow.Insert(link));
        if (facts.Advanced.Count > 0) batch.BatchCommands.Add(Advance(facts.Advanced));
        if (facts.WokenLanes.Count > 0) batch.BatchCommands.Add(Wake(facts));
    }

    /// <summary>All of a turn that was decided from memory; see the procedure.</summary>
    public static NpgsqlCommand Take(TurnFacts facts, IReadOnlyList<MovedAccount> moved)
    {
        NpgsqlParameter[] parameters =
        [
            Sql.Of(Of(one => one.Id)),
            Sql.Of(Of(one => one.Version)),
            Sql.Of(Of(one => one.From)),
            Sql.Of(Of(one => one.To)),
            Sql.Of(facts.Payments.Select(payment => payment.Notice.Psp).Distinct(StringComparer.Ordinal).ToArray()),
            .. ReversalRow.EndToEndIds(facts.Payments.Select(payment => payment.Notice)),
            Lanes(facts),
            Sql.Time(facts.At),
            Sql.Of(facts.PackId),
            new NpgsqlParameter { Value = (object?)facts.Pack ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
            .. PaymentRow.Lists(facts.Payments),
        ];
        takeSql ??= $"CALL take_turn(NULL, NULL, {string.Join(", ", parameters.Select((_, place) => $"${place + 1}"))})";
        return new NpgsqlCommand(takeSql).With(parameters);

        T[] Of<T>(Func<MovedAccount, T> column)
        {
            var values = new T[moved.Count];
            for (var place = 0; place < values.Length; place++) values[place] = column(moved[place]);
            return values;
        }
    }

    private async Task AddPaymentsAsync(List<Payment> payments, NpgsqlBatch batch, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (payments.Count > InsertMax)
        {
            paymentRows.Clear();
            foreach (var payment in payments) PaymentRow.Write(paymentRows, payment);
            await paymentRows.CopyAsync(connection, PaymentRow.Copy, cancellation);
        }
        else if (payments.Count > 0)
        {
            batch.BatchCommands.Add(PaymentRow.Insert(payments));
        }
    }

    private async Task AddDeliveriesAsync(List<Delivery> deliveries, NpgsqlBatch batch, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (deliveries.Count > InsertMax)
        {
            deliveryRows.Clear();
            foreach (var delivery in deliveries) DeliveryRow.Write(deliveryRows, delivery);
            await deliveryRows.CopyAsync(connection, DeliveryRow.Copy, cancellation);
        }
        else if (deliveries.Count > 0)
        {
            batch.BatchCommands.Add(DeliveryRow.Insert(deliveries));
        }
    }

    private static NpgsqlBatchCommand Advance(List<(string AccountId, long Sequence)> advanced) => Sql.Command(
        "UPDATE account_heads h SET sequence = g.sequence FROM unnest($1, $2) AS g (account_id, sequence) WHERE h.account_id = g.account_id",
        Sql.Of(advanced.ConvertAll(one => one.AccountId).ToArray()),
        Sql.Of(advanced.ConvertAll(one => one.Sequence).ToArray()));

    /// <summary>Whoever lets a lane go locks its account's head first, as a turn does: it can't fall asleep over what we add.</summary>
    private static NpgsqlBatchCommand Wake(TurnFacts facts) => Sql.Command(
        "UPDATE agenda SET due_at = $2 WHERE kind = 'lane' AND key = ANY($1) AND due_at > $2",
        Lanes(facts),
        Sql.Time(facts.At));

    private static NpgsqlParameter Lanes(TurnFacts facts) => Sql.Of(facts.WokenLanes.Order().Select(LaneStore.Key).ToArray());

    private static NpgsqlBatchCommand Insert(KeptMessage message) => Sql.Command(
        """
        INSERT INTO kept_messages (sha256, pack, position, psp_id, adapter_id, why, payment_id, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
        """,
        Sql.Of(message.Link.Sha256),
        Sql.Of(message.Link.Pack!.Value),
        Sql.Of(message.Link.Position),
        Sql.Text(message.Psp),
        Sql.Text(message.Adapter),
        Sql.Of(message.Why),
        new NpgsqlParameter { Value = (object?)message.PaymentId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
        Sql.Time(message.ReceivedAt));

    private static NpgsqlBatchCommand Insert(KeptNotice kept) => Sql.Command(
        """
        INSERT INTO message_notices (sha256, adapter_id, position, kind, psp_reference, amount_minor, currency, detail, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
        """,
        Sql.Of(kept.Sha256),
        Sql.Of(kept.Adapter),
        Sql.Of(kept.Notice.Position),
        Sql.Of(kept.Notice.Kind.Word()),
        Sql.Text(kept.Notice.PspReference),
        new NpgsqlParameter { Value = (object?)kept.Notice.Amount?.MinorUnits ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
        Sql.Text(kept.Notice.Amount?.Currency.Code),
        Sql.Text(kept.Notice.Detail),
        Sql.Time(kept.ReceivedAt));

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
