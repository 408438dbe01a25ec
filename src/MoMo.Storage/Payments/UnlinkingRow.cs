using MoMo.Domain.Payments;
using Npgsql;

namespace MoMo.Storage.Payments;

/// <summary>How a payment was taken from its account, as a row.</summary>
internal static class UnlinkingRow
{
    /// <summary>In the order of <see cref="Read"/>.</summary>
    public const string Select = "SELECT payment_id, original_id, reversal_id, reason, unlinked_by, unlinked_at FROM unlinkings";

    public static NpgsqlBatchCommand Insert(Unlinking unlinking) => Sql.Command(
        "INSERT INTO unlinkings (payment_id, original_id, reversal_id, reason, unlinked_by, unlinked_at) VALUES ($1, $2, $3, $4, $5, $6)",
        Sql.Of(unlinking.PaymentId),
        Sql.Of(unlinking.OriginalId),
        Sql.Of(unlinking.ReversalId),
        Sql.Of(unlinking.Reason),
        Sql.Of(unlinking.By),
        Sql.Time(unlinking.At));

    public static Unlinking Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5));
}
