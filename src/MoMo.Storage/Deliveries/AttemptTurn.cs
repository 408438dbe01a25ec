using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Journal;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Deliveries;

/// <summary>Records the outcomes of many attempts in one statement and one commit.</summary>
public sealed class AttemptTurn(NpgsqlDataSource database) : ITurn<RecordAttempt>
{
    /// <summary>Attempts of one delivery whose story is kept at most; further ones are counted only.</summary>
    public const int AttemptsKeptMax = 100;

    /// <inheritdoc/>
    public async Task RunAsync(IReadOnlyList<RecordAttempt> commands, TurnPlace place, CancellationToken cancellation)
    {
        // In one order for all silos, so that turns which record the same deliveries wait for each other, never in a ring.
        var attempts = commands.OrderBy(attempt => attempt.DeliveryId).ToArray();
        await using var command = database.CreateCommand(
            """
            WITH told AS (
                UPDATE deliveries d SET
                    state = g.state, attempts = d.attempts + 1, due_at = coalesce(g.next_due, d.due_at), waits = true, attempted_at = g.at,
                    delivered_at = CASE WHEN g.state = 'delivered' THEN g.at ELSE d.delivered_at END,
                    last_status = g.status, last_error = g.error, last_duration = g.duration, cause = g.cause
                FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS g (id, before, state, next_due, at, status, error, cause, duration, excerpt)
                WHERE d.id = g.id AND d.attempts = g.before AND d.state = 'pending'
                RETURNING d.id, d.attempts, g.before, g.state, g.at, g.duration, g.status, g.error, g.cause, g.excerpt)
            INSERT INTO delivery_attempts (delivery_id, number, at, duration, status, error, cause, excerpt)
            SELECT id, attempts, at, duration, status, error, cause, excerpt FROM told
            WHERE (state <> 'delivered' OR before > 0 OR excerpt IS NOT NULL) AND attempts <= $11
            ON CONFLICT DO NOTHING
            """);
        command.With(
            Sql.Of(Array.ConvertAll(attempts, attempt => attempt.DeliveryId)),
            Sql.Of(Array.ConvertAll(attempts, attempt => attempt.AttemptsBefore)),
            Sql.Of(Array.ConvertAll(attempts, State)),
            Sql.Times(Array.ConvertAll(attempts, attempt => attempt.NextDue)),
            Sql.Times(Array.ConvertAll(attempts, attempt => (DateTimeOffset?)attempt.At)),
            new NpgsqlParameter { Value = Array.ConvertAll(attempts, attempt => attempt.Result.Status), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
            Sql.Texts(Array.ConvertAll(attempts, attempt => attempt.Result.Error)),
            Sql.Texts(Array.ConvertAll(attempts, attempt => attempt.Result.Cause is { } cause ? DeliveryWords.Of(cause) : null)),
            Sql.Of(Array.ConvertAll(attempts, attempt => (int)Math.Min(attempt.Result.Duration.TotalMilliseconds, int.MaxValue))),
            Sql.Texts(Array.ConvertAll(attempts, attempt => attempt.Result.Excerpt)),
            Sql.Of(AttemptsKeptMax));
        try
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception e) when (TurnFault.Explain(e, mayRepeat: true, isCut: false) is var meaning && meaning != e)
        {
            // May be run again even after a commit that nobody heard of: whose outcome is recorded has one attempt more than its command says.
            throw meaning;
        }
    }

    private static string State(RecordAttempt attempt) =>
        attempt.Result.Verdict == AttemptVerdict.Delivered ? "delivered" : attempt.NextDue is null ? "dead" : "pending";
}
