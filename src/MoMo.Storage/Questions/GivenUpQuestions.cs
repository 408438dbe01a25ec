using MoMo.Domain.Questions;
using MoMo.Engine;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Questions;

/// <summary>
/// Questions that got no final answer in time, and are asked again on a person's word, many at a time: after a PSP was away for longer than a day.
/// </summary>
public sealed class GivenUpQuestions(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Questions that one call asks again, at most; whoever wants more calls again.</summary>
    public const int AgainMax = 10_000;

    private const string Fits = "adapter_id = $1 AND state = 'given_up' AND ended_at >= coalesce($2, '-infinity') AND ended_at < $3";
    private const string Count = $"SELECT count(*), min(ended_at), max(ended_at) FROM status_questions WHERE {Fits}";

    /// <summary>How many were given up in a stretch of time.</summary>
    /// <param name="adapter">Of this adapter.</param>
    /// <param name="since">At or after; null: since ever.</param>
    /// <param name="until">Before; null: now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The count, or <c>list-too-wide</c>.</returns>
    public async Task<Outcome<QuestionsAgain>> CountAsync(string adapter, DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellation)
    {
        var counted = await BoundedList.ReadAsync(
            database,
            Sql.Command(Count, Sql.Of(adapter), Sql.Time(since), Sql.Time(until ?? clock.GetUtcNow())), Read, cancellation);
        return counted.Accepted is { } rows ? rows[0] : counted.Refused!;
    }

    /// <summary>
    /// Asks them again, what was given up first before the rest: at once, for a whole day, as if they were new. Safe to repeat: what is asked again is
    /// no longer given up, and is not met a second time.
    /// </summary>
    /// <param name="adapter">Of this adapter.</param>
    /// <param name="since">Given up at or after; null: since ever.</param>
    /// <param name="until">Given up before; null: now.</param>
    /// <param name="cancellation">Ends the wait. They may be asked again all the same.</param>
    /// <returns>How many there were, and how many of them are asked again now; or <c>questions-full</c>, <c>list-too-wide</c>.</returns>
    public async Task<Outcome<QuestionsAgain>> AskAsync(string adapter, DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellation)
    {
        var end = until ?? clock.GetUtcNow();
        if ((await CountAsync(adapter, since, end, cancellation)).Refused is { } tooWide) return tooWide;
        return await Change.RunAsync<QuestionsAgain>(
            database,
            async change =>
            {
                var again = (await change.FindAsync(Count, Read, Sql.Of(adapter), Sql.Time(since), Sql.Time(end)))!;
                if (again.Total == 0) return again;
                if (await change.AnyAsync(
                    "SELECT 1 FROM status_questions WHERE adapter_id = $1 AND state = 'waiting' OFFSET $2 LIMIT 1", Sql.Of(adapter),
                    Sql.Of(QuestionStore.WaitingMax - 1)))
                    return QuestionStore.Full(adapter);

                var now = clock.GetUtcNow();
                // Locked in the order in which turns lock them.
                var asked = await change.RunAsync(
                    $"""
                    WITH chosen AS MATERIALIZED (SELECT id FROM status_questions WHERE {Fits} ORDER BY ended_at
                        LIMIT greatest(0, least($4, $8 - (SELECT count(*) FROM status_questions WHERE adapter_id = $1 AND state = 'waiting')))),
                    held AS MATERIALIZED (
                        SELECT q.id FROM status_questions q JOIN chosen USING (id) WHERE q.state = 'given_up' ORDER BY q.reference FOR NO KEY UPDATE OF q)
                    UPDATE status_questions q SET state = 'waiting', ended_at = NULL, openings = q.openings + 1, tries = 0, rung_at = $5,
                        due_at = greatest($5, q.asked_at + $6), until_at = $5 + $7
                    FROM held WHERE q.id = held.id
                    """,
                    Sql.Of(adapter), Sql.Time(since), Sql.Time(end), Sql.Of((long)AgainMax), Sql.Time(now), Sql.Of(QuestionSchedule.RingWait),
                    Sql.Of(QuestionSchedule.Lifetime), Sql.Of((long)QuestionStore.WaitingMax));
                await change.RunAsync(
                    """
                    INSERT INTO agenda (kind, key, due_at) VALUES ($1, $2, $3)
                    ON CONFLICT (kind, key) DO UPDATE SET due_at = least(agenda.due_at, excluded.due_at)
                    """,
                    Sql.Of(QuestionStore.AgendaKind), Sql.Of(adapter), Sql.Time(now));
                return again with { Asked = asked };
            },
            cancellation);
    }

    private static QuestionsAgain Read(NpgsqlDataReader rows) => new(rows.GetInt64(0), 0, rows.TimeOrNull(1), rows.TimeOrNull(2));
}
