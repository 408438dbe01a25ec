using MoMo.Engine;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Management;

/// <summary>What a list is narrowed by: names that must be there, so that who mistypes one is not told that there is nothing. What is null does not narrow.</summary>
public sealed record FilterNames
{
    /// <summary>An account, canonical.</summary>
    public string? Account { get; init; }

    /// <summary>A destination of this account, or one that it had.</summary>
    public string? Destination { get; init; }

    /// <summary>A PSP.</summary>
    public string? Psp { get; init; }

    /// <summary>An adapter.</summary>
    public string? Adapter { get; init; }

    /// <summary>A payment.</summary>
    public Guid? Payment { get; init; }

    /// <summary>Accounts whose payments may be known; null for all. Another's payment is as unknown as one that is not there.</summary>
    public IReadOnlyCollection<string>? PaymentsOf { get; init; }

    private bool IsEmpty => (Account, Destination, Psp, Adapter, Payment) is (null, null, null, null, null);

    /// <summary>Looks for all of them.</summary>
    /// <param name="database">Any role that may read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null when all are there; else a refusal that names the field of each that is not.</returns>
    public async Task<Refusal?> CheckAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (IsEmpty) return null;
        await using var command = database.CreateCommand(
            """
            SELECT $1 IS NULL OR EXISTS (SELECT FROM accounts WHERE id = $1),
                $2 IS NULL OR EXISTS (SELECT FROM destinations WHERE account_id = $1 AND id = $2)
                    OR EXISTS (SELECT FROM removed_destinations WHERE account_id = $1 AND id = $2),
                $3 IS NULL OR EXISTS (SELECT FROM psps WHERE id = $3), $4 IS NULL OR EXISTS (SELECT FROM adapters WHERE id = $4),
                $5 IS NULL OR EXISTS (SELECT FROM payments p LEFT JOIN assignments a ON a.payment_id = p.id
                    WHERE p.id = $5 AND ($6 IS NULL OR coalesce(a.account_id, p.account_id) = ANY($6)))
            """).With(
            Sql.Text(Account), Sql.Text(Destination), Sql.Text(Psp), Sql.Text(Adapter),
            new NpgsqlParameter { Value = (object?)Payment ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new NpgsqlParameter { Value = (object?)PaymentsOf?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        List<FieldFault> faults = [];
        if (!rows.GetBoolean(0)) Missing("account_id", Unknown.Account(Account!));
        else if (!rows.GetBoolean(1)) Missing("destination", Unknown.Destination(Account ?? "", Destination!));
        if (!rows.GetBoolean(2)) Missing("psp", Unknown.Psp(Psp!));
        if (!rows.GetBoolean(3)) Missing("adapter", Unknown.Adapter(Adapter!));
        if (!rows.GetBoolean(4)) Missing("payment_id", Unknown.Payment(Payment!.Value));
        return faults.Count switch
        {
            0 => null,
            1 => new Refusal(faults[0].Code, faults[0].Detail, faults),
            _ => new Refusal("fields-invalid", "Several fields can't be used; see errors.", faults),
        };

        void Missing(string field, Refusal unknown) => faults.Add(new FieldFault(field, unknown.Code, unknown.Detail));
    }
}
