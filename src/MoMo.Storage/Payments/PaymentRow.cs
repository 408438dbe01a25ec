using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;
using MoMo.Storage.Journal;
using Npgsql;

namespace MoMo.Storage.Payments;

/// <summary>A payment as a row: how it is written and how it is read back.</summary>
internal static class PaymentRow
{
    /// <summary>In the order of <see cref="Write"/>.</summary>
    public const string Copy = $"COPY payments ({Written}) FROM STDIN (FORMAT binary)";

    private const string Written = """
        id, psp_id, psp_reference, adapter_id, account_id, sequence, reference_id, amount_minor, currency,
            paid_at, paid_day_only, received_at, given_account, given_reference, given_text, shortcode, payer, metadata,
            decision, proof_pack, proof_position, proof_sha256, file_id
        """;

    private const string InsertSql = $"""
        INSERT INTO payments ({Written}) SELECT * FROM unnest(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
        """;

    /// <summary>Columns of <see cref="Select"/>; what a statement adds comes after them.</summary>
    public const int Columns = 29;

    /// <summary>Whether the money of payment p is real, by what is kept for ever: its adapter may be deleted.</summary>
    public const string KeptMode = $"CASE WHEN starts_with(p.psp_reference, '{Intake.TestPrefix}') THEN 'test' ELSE 'live' END";

    /// <summary>In the order of <see cref="Read"/>; the tables are p and a.</summary>
    public const string Fields = $"""
        p.id, p.psp_id, p.psp_reference, p.adapter_id, p.account_id, coalesce(p.sequence, a.sequence), p.reference_id, p.amount_minor,
            p.currency, p.paid_at, p.paid_day_only, p.received_at, p.given_account, p.given_reference, p.given_text, p.shortcode, p.payer,
            p.metadata, p.decision, p.proof_pack, p.proof_position, p.proof_sha256, p.file_id,
            a.account_id, a.reference_id, a.reason, a.assigned_by, a.assigned_at,
            {KeptMode}
        """;

    /// <summary>
    /// Likewise, of payments that the account got when they came, for those who are told of them: the table is p alone. Without what the rules said, which
    /// nobody is told and which takes as long to read as all the rest.
    /// </summary>
    public const string Taken = $"""
        p.id, p.psp_id, p.psp_reference, p.adapter_id, p.account_id, p.sequence, p.reference_id, p.amount_minor,
            p.currency, p.paid_at, p.paid_day_only, p.received_at, p.given_account, p.given_reference, p.given_text, p.shortcode, p.payer,
            p.metadata, NULL, p.proof_pack, p.proof_position, p.proof_sha256, p.file_id,
            NULL, NULL, NULL, NULL, NULL::timestamptz,
            {KeptMode}
        """;

    private const string From = "FROM payments p LEFT JOIN assignments a ON a.payment_id = p.id";

    /// <summary>In the order of <see cref="Read"/>; the tables are p and a.</summary>
    public const string Select = $"SELECT {Fields} {From}";

    public static void Write(CopyBuffer row, Payment payment)
    {
        var notice = payment.Notice;
        row.Row(23);
        row.Uuid(payment.Id);
        row.Text(notice.Psp);
        row.Text(notice.PspReference);
        row.Text(notice.Adapter);
        row.Text(payment.Decision.AccountId);
        row.Int64(payment.Sequence);
        row.Text(payment.Decision.ReferenceId);
        row.Int64(notice.Amount.MinorUnits);
        row.Text(notice.Amount.Currency.Code);
        row.Time(notice.PaidAt?.Instant);
        row.Bool(notice.PaidAt?.DayOnly ?? false);
        row.Time(payment.ReceivedAt);
        row.Text(notice.AccountId);
        row.Text(notice.ReferenceId);
        row.Text(notice.Text);
        row.Text(notice.Shortcode);
        row.Text(notice.Payer is { } payer ? JsonSerializer.Serialize(payer, StoredJson.Default.Payer) : null);
        row.Text(notice.Metadata);
        row.Text(StoredJson.Trace(payment.Decision));
        row.Int64(payment.Proof.Pack);
        row.Int32(payment.Proof.Position);
        row.Bytes(payment.Proof.Sha256);
        row.Uuid(payment.Proof.FileId);
    }

    /// <summary>The same rows by INSERT.</summary>
    public static NpgsqlBatchCommand Insert(List<Payment> payments) => Sql.Command(InsertSql, Lists(payments));

    /// <summary>The columns of many rows, a list each; an empty one where all are null, which the store makes nulls of again.</summary>
    public static NpgsqlParameter[] Lists(List<Payment> payments)
    {
        return
        [
            Sql.Of(Of(one => one.Id)),
            Sql.Of(Of(one => one.Notice.Psp)),
            Sql.Of(Of(one => one.Notice.PspReference)),
            Sql.Texts(Some(one => one.Notice.Adapter)),
            Sql.Texts(Some(one => one.Decision.AccountId)),
            Sql.Of(Of(one => one.Sequence)),
            Sql.Texts(Some(one => one.Decision.ReferenceId)),
            Sql.Of(Of(one => one.Notice.Amount.MinorUnits)),
            Sql.Of(Of(one => one.Notice.Amount.Currency.Code)),
            Sql.Times(Of(one => one.Notice.PaidAt?.Instant)),
            Sql.Of(Of(one => one.Notice.PaidAt?.DayOnly ?? false)),
            Sql.Times(Of(one => (DateTimeOffset?)one.ReceivedAt)),
            Sql.Texts(Some(one => one.Notice.AccountId)),
            Sql.Texts(Some(one => one.Notice.ReferenceId)),
            Sql.Texts(Some(one => one.Notice.Text)),
            Sql.Texts(Some(one => one.Notice.Shortcode)),
            Sql.Texts(Some(one => one.Notice.Payer is { } payer ? JsonSerializer.Serialize(payer, StoredJson.Default.Payer) : null)),
            Sql.Texts(Some(one => one.Notice.Metadata)),
            Sql.Texts(Some(one => StoredJson.Trace(one.Decision))),
            Sql.Of(Of(one => one.Proof.Pack)),
            Sql.Of(Of(one => one.Proof.Position)),
            Sql.Of(Of(one => one.Proof.Sha256)),
            Sql.Uuids(Some(one => one.Proof.FileId)),
        ];

        T[] Some<T>(Func<Payment, T> column)
        {
            var values = Of(column);
            return Array.TrueForAll(values, value => value is null) ? [] : values;
        }

        T[] Of<T>(Func<Payment, T> column)
        {
            var values = new T[payments.Count];
            for (var place = 0; place < values.Length; place++) values[place] = column(payments[place]);
            return values;
        }
    }

    public static Payment Read(NpgsqlDataReader row)
    {
        var id = row.GetGuid(0);
        var currency = Currency.Find(row.GetString(8)) ?? throw new InvalidDataException($"Payment {id} is in an unknown currency.");
        var sequence = row.IsDBNull(5) ? (long?)null : row.GetInt64(5);
        return new Payment
        {
            Id = id,
            Sequence = sequence,
            ReceivedAt = row.GetFieldValue<DateTimeOffset>(11),
            Notice = new PaymentNotice
            {
                Psp = row.GetString(1),
                PspReference = row.GetString(2),
                Adapter = Text(row, 3),
                Amount = new Money(row.GetInt64(7), currency),
                PaidAt = row.IsDBNull(9) ? null : new PaidAt(row.GetFieldValue<DateTimeOffset>(9), row.GetBoolean(10)),
                AccountId = Text(row, 12),
                ReferenceId = Text(row, 13),
                Text = Text(row, 14),
                Shortcode = Text(row, 15),
                Payer = row.IsDBNull(16) ? null : JsonSerializer.Deserialize(row.GetString(16), StoredJson.Default.Payer),
                Metadata = Text(row, 17),
            },
            Decision = new RoutingDecision(Text(row, 4), Text(row, 6), StoredJson.Trace(Text(row, 18), Text(row, 4), Text(row, 6))),
            Proof = new ProofLink(
                row.GetFieldValue<byte[]>(21), row.IsDBNull(19) ? null : row.GetInt64(19), row.GetInt32(20), row.IsDBNull(22) ? null : row.GetGuid(22)),
            Assignment = row.IsDBNull(23)
                ? null
                : new Assignment(id, row.GetString(23), Text(row, 24), sequence!.Value, row.GetString(25), row.GetString(26), row.GetFieldValue<DateTimeOffset>(27)),
            Mode = Modes.Find(row.GetString(28))!.Value,
        };
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
