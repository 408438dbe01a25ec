using MoMo.Domain.Payments;
using MoMo.Storage.Journal;
using MoMo.Storage.Proofs;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Payments;

/// <summary>Reads payments. They are written by turns only.</summary>
public sealed class PaymentStore(NpgsqlDataSource database)
{
    /// <summary>The payment, or null.</summary>
    public async Task<Payment?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{PaymentRow.Select} WHERE p.id = $1").With(Sql.Of(id));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? PaymentRow.Read(rows) : null;
    }

    /// <summary>A page of payments, newest first.</summary>
    public async Task<IReadOnlyList<Payment>> ListAsync(PaymentFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using var command = database.CreateCommand();
        List<string> where = [];
        if (filter.AccountId is { } account) Add("(p.account_id = {0} OR a.account_id = {0})", Sql.Text(account));
        if (filter.ReferenceId is { } reference) Add("(p.reference_id = {0} OR p.given_reference = {0} OR a.reference_id = {0})", Sql.Text(reference));
        if (filter.Psp is { } psp) Add("p.psp_id = {0}", Sql.Text(psp));
        if (filter.PspReference is { } key) Add("p.id IN (SELECT payment_id FROM payment_keys WHERE psp_reference = {0})", Sql.Text(key));
        if (filter.Suspense == true) where.Add("p.account_id IS NULL AND a.payment_id IS NULL");
        if (filter.Suspense == false) where.Add("(p.account_id IS NOT NULL OR a.payment_id IS NOT NULL)");
        if (filter.From is { } from) Add("p.received_at >= {0}", Sql.Time(from));
        if (filter.To is { } to) Add("p.received_at < {0}", Sql.Time(to));
        if (filter.After is { } after) Add("p.id < {0}", Sql.Of(after));
        command.CommandText =
            $"{PaymentRow.Select} {(where.Count > 0 ? $"WHERE {string.Join(" AND ", where)}" : "")} ORDER BY p.id DESC LIMIT {Math.Clamp(filter.Limit, 1, 501)}";
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<Payment> payments = [];
        while (await rows.ReadAsync(cancellation)) payments.Add(PaymentRow.Read(rows));
        return payments;

        void Add(string condition, NpgsqlParameter value)
        {
            command.Parameters.Add(value);
            where.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, condition, $"${command.Parameters.Count}"));
        }
    }

    /// <summary>The message that proves a payment: its envelope as JSON and its raw bytes; null when the proof is a file.</summary>
    public async Task<(string Envelope, byte[] Body)?> FindMessageAsync(Payment payment, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(payment);
        if (payment.Proof.Pack is not { } pack) return null;
        await using var command = database.CreateCommand("SELECT body FROM proof_packs WHERE id = $1").With(Sql.Of(pack));
        return await command.ExecuteScalarAsync(cancellation) is byte[] stored ? ProofPack.Read(stored, payment.Proof.Position) : null;
    }
}
