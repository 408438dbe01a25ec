using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;
using Npgsql;

namespace MoMo.Storage.Reversals;

/// <summary>What a turn that takes reversals asks, on its own connection.</summary>
internal static class ReversalQueries
{
    public static async Task<IReadOnlyDictionary<int, Originals>> FindOriginalsAsync(
        NpgsqlConnection connection, IReadOnlyList<TakeReversal> takes, CancellationToken cancellation)
    {
        var (psps, references) = Columns(takes, one => one.OriginalReference);
        var (_, ids) = Columns(takes, one => one.EndToEndId);
        var tests = takes.Select(one => one.Notice.PspReference.StartsWith(Domain.Payments.Intake.TestPrefix, StringComparison.Ordinal)).ToArray();
        await using var command = new NpgsqlCommand(
            $"""
            SELECT g.place, payment_now((SELECT k.payment_id FROM payment_keys k WHERE k.psp_id = g.psp AND k.psp_reference = g.reference)),
                ARRAY(SELECT payment_now(p.id) FROM payments p WHERE {ReversalRow.HasEndToEnd("g.psp", "g.id", "g.test")}
                    AND (SELECT true FROM unlinkings u WHERE u.payment_id = p.id) IS NOT TRUE LIMIT 2)
            FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS g (psp, reference, id, test, place)
            """,
            connection).With(Sql.Of(psps), Sql.Texts(references), Sql.Texts(ids), Sql.Of(tests));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        Dictionary<int, Originals> originals = [];
        while (await rows.ReadAsync(cancellation))
        {
            Guid? named = rows.IsDBNull(1) ? null : rows.GetGuid(1);
            var endToEnd = rows.GetFieldValue<Guid[]>(2);
            if (named is not null || endToEnd.Length > 0) originals[(int)rows.GetInt64(0) - 1] = new Originals(named, endToEnd);
        }

        return originals;
    }

    public static async Task<IReadOnlyList<Reversal>> FindAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Guid> payments, IReadOnlyList<TakeReversal> takes, CancellationToken cancellation)
    {
        var (psps, references) = Columns(takes, one => one.PspReference);
        await using var command = new NpgsqlCommand(
            $"""
            {ReversalRow.Select} WHERE v.id IN (
                SELECT id FROM reversals WHERE payment_id = ANY($1)
                UNION ALL SELECT reversal_id FROM reversal_links WHERE payment_id = ANY($1)
                UNION ALL SELECT r.id FROM unnest($2, $3) AS g (psp, reference) JOIN reversals r ON r.psp_id = g.psp AND r.psp_reference = g.reference)
            ORDER BY v.id
            """,
            connection).With(Sql.Of(payments.ToArray()), Sql.Of(psps), Sql.Texts(references));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<Reversal> found = [];
        while (await rows.ReadAsync(cancellation)) found.Add(ReversalRow.Read(rows, 0));
        return found;
    }

    private static (string[] Psps, string?[] Values) Columns(IReadOnlyList<TakeReversal> takes, Func<ReversalNotice, string?> value) =>
        ([.. takes.Select(one => one.Notice.Psp)], [.. takes.Select(one => value(one.Notice))]);
}
