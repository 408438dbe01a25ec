using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Journal;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Deliveries;

/// <summary>Records the outcomes of many attempts in one commit.</summary>
public sealed class AttemptTurn(NpgsqlDataSource database) : ITurn<RecordAttempt>
{
    /// <summary>Attempts of one delivery whose story is kept at most; further ones are counted only.</summary>
    public const int AttemptsKeptMax = 100;

    private const string Given = """
        unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            AS g (id, state, next_due, at, status, error, cause, duration, excerpt, lane, payment_id, account_id, sequence, order_key, due_at)
        """;

    // Read value by value: unnest of several lists makes a table of each first.
    private const string GivenOneByOne = """
        (SELECT unnest($1) AS id, unnest($2) AS state, unnest($3) AS next_due, unnest($4) AS at, unnest($5) AS status, unnest($6) AS error,
            unnest($7) AS cause, unnest($8) AS duration, unnest($9) AS lane, unnest($10) AS payment_id, unnest($11) AS account_id,
            unnest($12) AS sequence, unnest($13) AS order_key, unnest($14) AS due_at) AS g
        """;

    /// <summary>With nothing to tell, of deliveries that have no row. Half of what it costs with <see cref="UnlessTried"/>, which looks for each first.</summary>
    private const string InsertNew = $"{InsertInto} FROM {GivenOneByOne}";

    private static readonly string InsertAndTell = $"""
        WITH g AS MATERIALIZED (SELECT * FROM {Given}),
        told AS ({InsertInto} FROM g {UnlessTried} RETURNING id)
        INSERT INTO delivery_attempts (delivery_id, number, at, duration, status, error, cause, excerpt)
        SELECT id, 1, at, duration, status, error, cause, excerpt FROM g
        WHERE (state <> 'delivered' OR excerpt IS NOT NULL) AND id IN (SELECT id FROM told)
        ON CONFLICT DO NOTHING
        """;

    private const string InsertInto = """
        INSERT INTO delivery_rows AS d (id, lane, payment_id, account_id, sequence, order_key, created_at, state, attempts, due_at, waits,
            attempted_at, delivered_at, last_status, last_error, last_duration, cause)
        SELECT id, lane, payment_id, account_id, sequence, order_key, due_at, state, 1, coalesce(next_due, due_at), true,
            at, CASE WHEN state = 'delivered' THEN at END, status, error, duration, cause
        """;

    private static string UnlessTried => $"""
        ON CONFLICT (id) DO UPDATE SET
            state = CASE WHEN {AskedAgain("excluded.created_at")} AND excluded.state <> 'delivered' THEN 'pending' ELSE excluded.state END,
            due_at = CASE WHEN {AskedAgain("excluded.created_at")} THEN d.due_at ELSE excluded.due_at END,
            waits = NOT ({AskedAgain("excluded.created_at")}), attempts = 1,
            attempted_at = excluded.attempted_at, delivered_at = excluded.delivered_at, last_status = excluded.last_status,
            last_error = excluded.last_error, last_duration = excluded.last_duration, cause = excluded.cause
        WHERE d.attempts = 0 AND d.state = 'pending'
        """;

    private static readonly string UpdateAndTell = $"""
        WITH told AS (
            UPDATE delivery_rows d SET
                state = CASE WHEN {AskedAgain("g.due_before")} AND g.state <> 'delivered' THEN 'pending' ELSE g.state END,
                due_at = CASE WHEN {AskedAgain("g.due_before")} THEN d.due_at ELSE coalesce(g.next_due, d.due_at) END,
                waits = NOT ({AskedAgain("g.due_before")}),
                attempts = d.attempts + 1, attempted_at = g.at,
                delivered_at = CASE WHEN g.state = 'delivered' THEN g.at ELSE d.delivered_at END,
                last_status = g.status, last_error = g.error, last_duration = g.duration, cause = g.cause
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                AS g (id, state, next_due, at, status, error, cause, duration, excerpt, before, due_before)
            WHERE d.id = g.id AND d.attempts = g.before AND d.state = 'pending'
            RETURNING d.id, d.attempts, g.before, g.state, g.at, g.duration, g.status, g.error, g.cause, g.excerpt)
        INSERT INTO delivery_attempts (delivery_id, number, at, duration, status, error, cause, excerpt)
        SELECT id, attempts, at, duration, status, error, cause, excerpt FROM told
        WHERE (state <> 'delivered' OR before > 0 OR excerpt IS NOT NULL) AND attempts <= $12
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Whether a person asked for a delivery d again while it was tried: then, unless it arrived, it is due as he said.</summary>
    /// <param name="dueBefore">SQL of since when it was due as far as who tried it knew.</param>
    private static string AskedAgain(string dueBefore) => $"NOT d.waits AND d.due_at <> {dueBefore}";

    /// <inheritdoc/>
    public async Task RunAsync(IReadOnlyList<RecordAttempt> commands, TurnPlace place, CancellationToken cancellation)
    {
        // In one order for all silos, so that turns which record the same deliveries wait for each other, never in a ring.
        // Two of the same attempt come from two works on one lane, of which one has lost it: one of them is told, best that it arrived.
        var attempts = commands.OrderBy(attempt => attempt.DeliveryId).ThenBy(attempt => attempt.Result.Verdict != AttemptVerdict.Delivered)
            .DistinctBy(attempt => (attempt.DeliveryId, attempt.AttemptsBefore)).ToArray();
        var first = Array.FindAll(attempts, attempt => attempt.Unwritten is not null);
        var further = Array.FindAll(attempts, attempt => attempt.Unwritten is null);
        try
        {
            await RecordAsync(first, further, areNew: true, cancellation);
        }
        catch (TurnLostException lost) when (lost.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            await RecordAsync(first, further, areNew: false, cancellation);
        }
    }

    /// <param name="first">The first attempts of deliveries that had no row.</param>
    /// <param name="further">Of others.</param>
    /// <param name="areNew">That none of the first has got its row since, as is the rule. If one has, nothing is recorded: the store refuses them all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    private async Task RecordAsync(RecordAttempt[] first, RecordAttempt[] further, bool areNew, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        if (first.Length > 0) batch.BatchCommands.Add(Write(first, areNew));
        if (further.Length > 0) batch.BatchCommands.Add(Update(further));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception e) when (TurnFault.Explain(e, mayRepeat: true, isCut: false) is var meaning && meaning != e)
        {
            // May be run again even after a commit that nobody heard of: whose outcome is recorded has one attempt more than its command says.
            throw meaning;
        }
    }

    /// <summary>The first that is stored of these deliveries. One that has its row since is changed as others are.</summary>
    private static NpgsqlBatchCommand Write(RecordAttempt[] attempts, bool areNew)
    {
        var written = Array.ConvertAll(attempts, attempt => attempt.Unwritten!);
        NpgsqlParameter[] deliveries =
        [
            Sql.Of(Array.ConvertAll(written, one => one.Lane)),
            Sql.Of(Array.ConvertAll(written, one => one.PaymentId)),
            Sql.Of(Array.ConvertAll(written, one => one.AccountId)),
            Sql.Of(Array.ConvertAll(written, one => one.Sequence)),
            Sql.Texts(Array.ConvertAll(written, one => one.OrderKey)),
            Sql.Times(Array.ConvertAll(written, one => (DateTimeOffset?)one.DueAt)),
        ];
        // As a rule all arrived and there is nothing to tell of any: then nothing has to be remembered of what was written either.
        var told = Array.Exists(attempts, attempt => attempt.Result is not { Verdict: AttemptVerdict.Delivered, Excerpt: null });
        return areNew && !told
            ? Sql.Command(InsertNew, [Ids(attempts), .. Results(attempts)[..^1], .. deliveries])
            : Sql.Command(InsertAndTell, [Ids(attempts), .. Results(attempts), .. deliveries]);
    }

    private static NpgsqlBatchCommand Update(RecordAttempt[] attempts) => Sql.Command(
        UpdateAndTell,
        [
            Ids(attempts), .. Results(attempts),
            Sql.Of(Array.ConvertAll(attempts, attempt => attempt.AttemptsBefore)),
            Sql.Times(Array.ConvertAll(attempts, attempt => (DateTimeOffset?)attempt.DueBefore)),
            Sql.Of(AttemptsKeptMax),
        ]);

    private static NpgsqlParameter Ids(RecordAttempt[] attempts) => Sql.Of(Array.ConvertAll(attempts, attempt => attempt.DeliveryId));

    /// <summary>State, next_due, at, status, error, cause, duration, excerpt.</summary>
    private static NpgsqlParameter[] Results(RecordAttempt[] attempts) =>
    [
        Sql.Of(Array.ConvertAll(attempts, State)),
        Sql.Times(Array.ConvertAll(attempts, attempt => attempt.NextDue)),
        Sql.Times(Array.ConvertAll(attempts, attempt => (DateTimeOffset?)attempt.At)),
        new NpgsqlParameter { Value = Array.ConvertAll(attempts, attempt => attempt.Result.Status), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
        Sql.Texts(Array.ConvertAll(attempts, attempt => attempt.Result.Error)),
        Sql.Texts(Array.ConvertAll(attempts, attempt => attempt.Result.Cause is { } cause ? DeliveryWords.Of(cause) : null)),
        Sql.Of(Array.ConvertAll(attempts, attempt => (int)Math.Min(attempt.Result.Duration.TotalMilliseconds, int.MaxValue))),
        Sql.Texts(Array.ConvertAll(attempts, attempt => attempt.Result.Excerpt)),
    ];

    private static string State(RecordAttempt attempt) =>
        attempt.Result.Verdict == AttemptVerdict.Delivered ? "delivered" : attempt.NextDue is null ? "dead" : "pending";
}
