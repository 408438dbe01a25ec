using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Reversals;

/// <summary>A reversal as a row: how it is written and how it is read back, with what became known since.</summary>
internal static class ReversalRow
{
    /// <summary>Columns of <see cref="Fields"/>.</summary>
    public const int Columns = 18;

    /// <summary>In the order of <see cref="Read"/>; the view is v.</summary>
    public const string Fields = """
        v.id, v.psp_id, v.psp_reference, v.adapter_id, v.original_reference, v.end_to_end_id, v.payment_id, v.account_id, v.sequence, v.held,
            v.amount_minor, v.currency, v.detail, v.proof_pack, v.proof_position, v.proof_sha256, v.file_id, v.received_at
        """;

    /// <summary>In the order of <see cref="Read"/>.</summary>
    public const string Select = $"SELECT {Fields} FROM reversals_now v";

    /// <summary>
    /// Those that came before their payments, of payments whose keys are $1 and $2, or whose end-to-end ids $4 are of PSPs $3 and of no payment yet: looked
    /// for with every turn that takes payments, so the few that there are have indexes of their own. What take_turn looks for as well.
    /// </summary>
    /// <remarks>The look for other payments is a value of each row, so that no plan can begin with all payments.</remarks>
    public static readonly string Orphans = $"""
        {Select} WHERE v.payment_id IS NULL AND v.id IN (
            SELECT r.id FROM unnest($1, $2) AS g (psp, reference) JOIN reversals r ON r.psp_id = g.psp AND r.original_reference = g.reference
                WHERE r.payment_id IS NULL AND r.original_reference IS NOT NULL
            UNION ALL
            SELECT r.id FROM unnest($3, $4) AS g (psp, reference) JOIN reversals r ON r.psp_id = g.psp AND r.end_to_end_id = g.reference
                WHERE r.payment_id IS NULL AND r.end_to_end_id IS NOT NULL
                    AND (SELECT true FROM payments p WHERE {HasEndToEnd("r.psp_id", "r.end_to_end_id", "(r.psp_reference LIKE 'test:%')")} LIMIT 1) IS NOT TRUE)
        ORDER BY v.id
        """;

    /// <summary>$3 and $4 of <see cref="Orphans"/>.</summary>
    public static NpgsqlParameter[] EndToEndIds(IEnumerable<PaymentNotice> notices)
    {
        (string Psp, string Id)[] ids = [.. from notice in notices let id = EndToEnd.Of(notice.Metadata) where id is not null select (notice.Psp, id)];
        return [Sql.Of(Array.ConvertAll(ids, one => one.Psp)), Sql.Of(Array.ConvertAll(ids, one => one.Id))];
    }

    /// <summary>Whether a payment p has this end-to-end id: SQL that the index payments_end_to_end answers.</summary>
    public static string HasEndToEnd(string psp, string id, string isTest) => $$"""
        p.psp_id = {{psp}} AND p.metadata LIKE '%"end_to_end_id"%' AND substring(p.metadata FROM '"end_to_end_id"\s*:\s*"([^"\\]{1,100})"') = {{id}}
            AND (p.psp_reference LIKE 'test:%') = {{isTest}}
        """;

    public static NpgsqlBatchCommand Insert(Reversal reversal) => Sql.Command(
        """
        INSERT INTO reversals (id, psp_id, psp_reference, adapter_id, original_reference, end_to_end_id, payment_id, account_id, sequence, held,
            amount_minor, currency, detail, proof_pack, proof_position, proof_sha256, file_id, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """,
        Sql.Of(reversal.Id),
        Sql.Text(reversal.Notice.Psp),
        Sql.Text(reversal.Notice.PspReference),
        Sql.Text(reversal.Notice.Adapter),
        Sql.Text(reversal.Notice.OriginalReference),
        Sql.Text(reversal.Notice.EndToEndId),
        Uuid(reversal.PaymentId),
        Sql.Text(reversal.AccountId),
        Number(reversal.Sequence),
        Sql.Text(reversal.Held),
        Sql.Of(reversal.Notice.Amount.MinorUnits),
        Sql.Text(reversal.Notice.Amount.Currency.Code),
        Sql.Text(reversal.Notice.Detail),
        Number(reversal.Proof.Pack),
        Sql.Of(reversal.Proof.Position),
        Sql.Of(reversal.Proof.Sha256),
        Uuid(reversal.Proof.FileId),
        Sql.Time(reversal.ReceivedAt));

    public static NpgsqlBatchCommand Insert(ReversalLink link) => Sql.Command(
        "INSERT INTO reversal_links (reversal_id, payment_id, account_id, sequence, held, linked_at) VALUES ($1, $2, $3, $4, $5, $6)",
        Sql.Of(link.ReversalId),
        Sql.Of(link.PaymentId),
        Sql.Text(link.AccountId),
        Number(link.Sequence),
        Sql.Text(link.Held),
        Sql.Time(link.At));

    /// <param name="row">The row.</param>
    /// <param name="first">The place of its first column.</param>
    public static Reversal Read(NpgsqlDataReader row, int first)
    {
        var id = row.GetGuid(first);
        var currency = Currency.Find(row.GetString(first + 11)) ?? throw new InvalidDataException($"Reversal {id} is in an unknown currency.");
        return new Reversal
        {
            Id = id,
            Notice = new ReversalNotice
            {
                Psp = row.GetString(first + 1),
                PspReference = row.GetString(first + 2),
                Adapter = Text(3),
                OriginalReference = Text(4),
                EndToEndId = Text(5),
                Amount = new Money(row.GetInt64(first + 10), currency),
                Detail = Text(12),
            },
            PaymentId = row.IsDBNull(first + 6) ? null : row.GetGuid(first + 6),
            AccountId = Text(7),
            Sequence = row.IsDBNull(first + 8) ? null : row.GetInt64(first + 8),
            Held = Text(9),
            Proof = new ProofLink(
                row.GetFieldValue<byte[]>(first + 15), row.IsDBNull(first + 13) ? null : row.GetInt64(first + 13), row.GetInt32(first + 14),
                row.IsDBNull(first + 16) ? null : row.GetGuid(first + 16)),
            ReceivedAt = row.GetFieldValue<DateTimeOffset>(first + 17),
        };

        string? Text(int column) => row.IsDBNull(first + column) ? null : row.GetString(first + column);
    }

    private static NpgsqlParameter Uuid(Guid? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static NpgsqlParameter Number(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
