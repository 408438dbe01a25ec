using MoMo.Storage.Payments;
using MoMo.Storage.Proofs;
using Npgsql;

namespace MoMo.Storage;

/// <summary>
/// Looks through all that is stored for anything that breaks the hub's laws. Whether it agrees is read in one consistent snapshot. Proofs, which never
/// change, are hashed outside of it: that takes as long as reading the whole database, and until a snapshot ends nothing that was updated since is cleared away.
/// </summary>
public sealed class Verification(NpgsqlDataSource database)
{
    /// <summary>The law of what <see cref="ProofCheck"/> looks at.</summary>
    public const string ProofsLaw = "Every proof is the bytes that its hash was taken of.";

    private const string Numbers = """
        SELECT account_id, sequence FROM payments WHERE account_id IS NOT NULL UNION ALL SELECT account_id, sequence FROM assignments
        UNION ALL SELECT account_id, sequence FROM reversals_now WHERE account_id IS NOT NULL
        """;

    private static readonly (string Law, string Sql)[] Checks =
    [
        ("Every account numbers its payments and reversals 1, 2, 3… without a gap.",
            $"""
            SELECT j.account_id || ': ' || count(*) || ' entries, numbers ' || min(j.sequence) || ' to ' || max(j.sequence)
            FROM ({Numbers}) j
            GROUP BY j.account_id HAVING count(*) <> max(j.sequence) OR min(j.sequence) <> 1 OR count(DISTINCT j.sequence) <> count(*)
            """),
        ("An account's head is the number of its newest payment or reversal.",
            $"""
            SELECT h.account_id || ': head ' || h.sequence || ', newest ' || coalesce(j.newest, 0)
            FROM account_heads h LEFT JOIN (
                SELECT account_id, max(sequence) AS newest
                FROM ({Numbers}) a
                GROUP BY account_id) j USING (account_id)
            WHERE h.sequence <> coalesce(j.newest, 0)
            """),
        ("Every payment has its key, once for ever.",
            """
            SELECT p.id::text FROM payments p LEFT JOIN payment_keys k ON k.psp_id = p.psp_id AND k.psp_reference = p.psp_reference
            WHERE k.payment_id IS DISTINCT FROM p.id AND NOT EXISTS (SELECT FROM unlinkings u WHERE u.payment_id = p.id)
            """),
        ("What stands for an unlinked payment is the money that its account gave back, and nothing else.",
            """
            SELECT coalesce(u.payment_id, r.id)::text
            FROM unlinkings u FULL JOIN (SELECT * FROM reversals WHERE psp_reference LIKE 'unlink:%' OR psp_reference LIKE 'test:unlink:%') r ON r.id = u.reversal_id
            LEFT JOIN payments p ON p.id = u.payment_id LEFT JOIN payments o ON o.id = u.original_id
            WHERE p.id IS NULL OR o.id IS NULL OR r.id IS NULL OR p.account_id IS NOT NULL OR r.account_id IS NULL OR r.payment_id IS DISTINCT FROM o.id
                OR (p.psp_id, p.psp_reference, p.adapter_id, p.currency, p.proof_sha256)
                    IS DISTINCT FROM (o.psp_id, o.psp_reference, o.adapter_id, o.currency, o.proof_sha256)
                OR (r.amount_minor, r.currency) IS DISTINCT FROM (p.amount_minor, p.currency)
                OR o.amount_minor <> (SELECT sum(v.amount_minor) FROM reversals_now v WHERE v.payment_id = o.id AND v.held IS NULL)
            """),
        ("Every key has its payment.",
            "SELECT k.psp_id || ' ' || k.psp_reference FROM payment_keys k LEFT JOIN payments p ON p.id = k.payment_id WHERE p.id IS NULL"),
        ("A payment is in one account's journal or in suspense, never in two.",
            "SELECT p.id::text FROM payments p JOIN assignments a ON a.payment_id = p.id WHERE p.account_id IS NOT NULL"),
        ("What waits in suspense is counted, and nothing else.",
            """
            SELECT coalesce(s.payment_id, p.id)::text
            FROM suspended s FULL JOIN (
                SELECT id FROM payments p WHERE p.account_id IS NULL AND NOT EXISTS (SELECT FROM assignments a WHERE a.payment_id = p.id)) p ON p.id = s.payment_id
            WHERE s.payment_id IS NULL OR p.id IS NULL
            """),
        ("Test money is in test accounts only, and live money in live ones.",
            $"""
            SELECT p.id::text FROM payments p LEFT JOIN assignments s ON s.payment_id = p.id
            JOIN accounts a ON a.id = coalesce(p.account_id, s.account_id)
            WHERE a.mode <> {PaymentRow.KeptMode}
            """),
        ("Every payment's proof is kept.",
            """
            SELECT p.id::text FROM payments p
            WHERE (p.proof_pack IS NOT NULL AND NOT EXISTS (SELECT FROM proof_packs k WHERE k.id = p.proof_pack))
               OR (p.file_id IS NOT NULL AND NOT EXISTS (SELECT FROM files f WHERE f.id = p.file_id AND f.sha256 = p.proof_sha256))
            """),
        ("Every delivery is of a payment that its account has, or of an event.",
            """
            SELECT d.id::text FROM deliveries d LEFT JOIN payments p ON p.id = d.payment_id LEFT JOIN assignments a ON a.payment_id = d.payment_id
            WHERE (d.event_id IS NULL OR d.payment_id IS NOT NULL) AND coalesce(p.account_id, a.account_id) IS DISTINCT FROM d.account_id
            """),
        ("Every reversal is with the account that has its payment, and only with that one.",
            """
            SELECT v.id::text FROM reversals_now v LEFT JOIN payments p ON p.id = v.payment_id LEFT JOIN assignments a ON a.payment_id = v.payment_id
            WHERE v.payment_id IS NOT NULL AND (p.id IS NULL OR (v.held IS NULL AND coalesce(p.account_id, a.account_id) IS DISTINCT FROM v.account_id)
                OR (v.held IS NOT NULL AND v.account_id IS NOT NULL))
            """),
        ("No reversal is orphaned whose payment is there.",
            """
            SELECT v.id::text FROM reversals_now v JOIN payment_keys k ON k.psp_id = v.psp_id AND k.psp_reference = v.original_reference
            WHERE v.payment_id IS NULL
            """),
        ("Never more is taken back than was paid.",
            """
            SELECT p.id::text FROM payments p JOIN reversals_now v ON v.payment_id = p.id WHERE v.held IS NULL
            GROUP BY p.id HAVING sum(v.amount_minor) > p.amount_minor OR bool_or(v.currency <> p.currency)
            """),
        ("Every reversal's proof is kept.",
            """
            SELECT r.id::text FROM reversals r
            WHERE (r.proof_pack IS NOT NULL AND NOT EXISTS (SELECT FROM proof_packs k WHERE k.id = r.proof_pack))
               OR (r.file_id IS NOT NULL AND NOT EXISTS (SELECT FROM files f WHERE f.id = r.file_id AND f.sha256 = r.proof_sha256))
            """),
        // What came before the destination, or its filter, is not its concern any more, or has its row.
        ("No lane has left out a payment that its destination is told of.",
            """
            SELECT 'lane ' || t.lane || ', payment ' || p.id FROM destinations t JOIN lane_marks m ON m.lane = t.lane
            JOIN payments p ON p.account_id = t.account_id AND p.sequence > m.since AND p.sequence <= m.mark
            WHERE (t.events IS NULL OR 'payment.accepted' = ANY(t.events)) AND (t.currencies IS NULL OR p.currency = ANY(t.currencies))
                AND (t.psps IS NULL OR p.psp_id = ANY(t.psps))
                AND NOT EXISTS (SELECT FROM delivery_rows r WHERE r.payment_id = p.id AND r.lane = t.lane AND r.event_id IS NULL)
            UNION ALL
            SELECT 'lane ' || t.lane || ' has no mark' FROM destinations t WHERE NOT EXISTS (SELECT FROM lane_marks m WHERE m.lane = t.lane)
            """),
        // They have rows from the first, because nothing else says that they are due.
        ("Every payment that left suspense, and every reversal, has its delivery to each destination that is told of it.",
            """
            SELECT 'lane ' || t.lane || ', payment ' || p.id FROM destinations t JOIN lane_marks m ON m.lane = t.lane
            JOIN assignments a ON a.account_id = t.account_id AND a.sequence > m.since JOIN payments p ON p.id = a.payment_id
            WHERE (t.events IS NULL OR 'payment.assigned' = ANY(t.events)) AND (t.currencies IS NULL OR p.currency = ANY(t.currencies))
                AND (t.psps IS NULL OR p.psp_id = ANY(t.psps))
                AND NOT EXISTS (SELECT FROM delivery_rows r WHERE r.payment_id = p.id AND r.lane = t.lane AND r.event_id IS NULL)
            UNION ALL
            SELECT 'lane ' || t.lane || ', reversal ' || v.id FROM destinations t JOIN lane_marks m ON m.lane = t.lane
            JOIN reversals_now v ON v.account_id = t.account_id AND v.sequence > m.since JOIN payments p ON p.id = v.payment_id
            WHERE (t.events IS NULL OR 'payment.reversed' = ANY(t.events)) AND (t.currencies IS NULL OR p.currency = ANY(t.currencies))
                AND (t.psps IS NULL OR p.psp_id = ANY(t.psps))
                AND NOT EXISTS (SELECT FROM delivery_rows r WHERE r.payment_id = v.payment_id AND r.lane = t.lane AND r.event_id = v.id)
            """),
        // No lease lasts for an hour, and no rest that a destination is given or asks for a day.
        ("Every lane is on the agenda, and nobody holds it for ever.",
            """
            SELECT 'lane ' || t.lane || coalesce(' is held until ' || g.leased_until, ' has no row')
            FROM destinations t LEFT JOIN agenda g ON g.kind = 'lane' AND g.key = t.lane::text LEFT JOIN lane_states s ON s.lane = t.lane
            WHERE g.key IS NULL
                OR g.leased_until > clock_timestamp() + CASE WHEN g.leased_until = s.rest_until THEN interval '25 hours' ELSE interval '1 hour' END
            """),
        // Whoever works on a lane may have made it due a little later than its first delivery, but not in the future: of the moment when this is asked, which
        // is after the snapshot. The transaction's own time is before it, and what was made due in between would seem to be far off.
        ("What is due in a lane is on the agenda.",
            """
            SELECT 'lane ' || t.lane || ', due ' || next.due_at FROM destinations t JOIN agenda g ON g.kind = 'lane' AND g.key = t.lane::text
            CROSS JOIN LATERAL (
                SELECT d.due_at FROM deliveries d WHERE d.lane = t.lane AND d.state = 'pending'
                ORDER BY CASE WHEN t.ordering = 'account' THEN d.sequence END, d.due_at LIMIT 1) next
            WHERE NOT t.paused AND g.due_at > greatest(next.due_at, clock_timestamp())
            """),
    ];

    /// <summary>Runs all checks.</summary>
    /// <returns>How many payments there are, and for each law how many rows break it and the first of them.</returns>
    public async Task<(long Payments, IReadOnlyList<(string Law, long Broken, string? First)> Checks)> RunAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM payments", connection) { CommandTimeout = 0 };
        var payments = (long)(await count.ExecuteScalarAsync(cancellation))!;
        List<(string, long, string?)> found = [];
        foreach (var (law, sql) in Checks)
        {
            await using var check = new NpgsqlCommand($"SELECT count(*), min(broken) FROM ({sql}) AS c (broken)", connection) { CommandTimeout = 0 };
            await using var rows = await check.ExecuteReaderAsync(cancellation);
            await rows.ReadAsync(cancellation);
            found.Add((law, rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetString(1)));
        }

        await snapshot.CommitAsync(cancellation);
        var (broken, first) = await new ProofCheck(connection).RunAsync(cancellation);
        found.Add((ProofsLaw, broken, first));
        return (payments, found);
    }
}
