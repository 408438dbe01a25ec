using MoMo.Domain.Proofs;
using MoMo.Domain.Payments;
using MoMo.Engine;
using MoMo.Storage.Proofs;
using Npgsql;

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

    /// <summary>The payment that stands for one now; itself unless it was unlinked.</summary>
    public async Task<Payment?> FindNowAsync(Guid first, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{PaymentRow.Select} WHERE p.id = (SELECT payment_now($1))").With(Sql.Of(first));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? PaymentRow.Read(rows) : null;
    }

    /// <summary>How a payment was taken from its account, and how it came to stand for another; null when it was not, or does not.</summary>
    public async Task<(Unlinking? Unlinked, Unlinking? Stands)> FindUnlinkingsAsync(Guid payment, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{UnlinkingRow.Select} WHERE original_id = $1 OR payment_id = $1").With(Sql.Of(payment));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        (Unlinking? Unlinked, Unlinking? Stands) found = (null, null);
        while (await rows.ReadAsync(cancellation))
        {
            var one = UnlinkingRow.Read(rows);
            if (one.OriginalId == payment) found.Unlinked = one;
            else found.Stands = one;
        }

        return found;
    }

    /// <summary>A page of payments: an account's by its numbers, the highest first; others newest first.</summary>
    /// <param name="filter">Which; a <see cref="PaymentFilter.PspReference"/> counts only together with its <see cref="PaymentFilter.Psp"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The page, or <c>list-too-wide</c>.</returns>
    public Task<Outcome<IReadOnlyList<Payment>>> ListAsync(PaymentFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return BoundedList.ReadAsync(database, PaymentList.Of(filter), PaymentRow.Read, cancellation);
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
