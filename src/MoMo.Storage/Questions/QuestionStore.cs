using MoMo.Domain.Questions;
using MoMo.Engine;
using MoMo.Storage.Journal;
using MoMo.Storage.Management;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Questions;

/// <summary>
/// Questions to PSPs. Each adapter that asks has one row of the agenda, however many wait: one silo at a time works on it, and a PSP that does not
/// answer keeps nobody else waiting. Callbacks open questions in the turn that keeps their bytes.
/// </summary>
public sealed class QuestionStore(NpgsqlDataSource database)
{
    /// <summary>Kind of agenda row that an adapter has which asks; its key is the adapter's id.</summary>
    public const string AgendaKind = "status-questions";

    /// <summary>Questions of one adapter that may wait.</summary>
    public const int WaitingMax = 100_000;

    /// <summary>Whether as many wait as may.</summary>
    public async Task<bool> IsFullAsync(string adapter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT 1 FROM status_questions WHERE adapter_id = $1 AND state = 'waiting' OFFSET $2 LIMIT 1").With(Sql.Of(adapter), Sql.Of(WaitingMax - 1));
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>Opens a question for somebody who is no callback.</summary>
    /// <returns>The question, or <c>questions-full</c>.</returns>
    public async Task<Outcome<StatusQuestion>> AskAsync(NewQuestion question, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (await IsFullAsync(question.Adapter, cancellation)) return Full(question.Adapter);
        return await Change.RunAsync<StatusQuestion>(
            database,
            async change =>
            {
                foreach (var command in QuestionRow.Open([question]))
                    await change.RunAsync(command.CommandText, [.. command.Parameters.Select(parameter => ((NpgsqlParameter)parameter).Clone())]);
                return (await change.FindAsync(
                    $"SELECT {QuestionRow.Columns} FROM status_questions WHERE adapter_id = $1 AND reference = $2",
                    QuestionRow.Read, Sql.Of(question.Adapter), Sql.Of(question.Reference)))!;
            },
            cancellation);
    }

    /// <summary>The refusal when as many wait as may.</summary>
    public static Refusal Full(string adapter) =>
        new("questions-full", $"{WaitingMax:N0} questions of adapter '{adapter}' wait already; see why its PSP does not answer.");

    /// <summary>What is due, the longest first.</summary>
    public Task<IReadOnlyList<StatusQuestion>> DueAsync(string adapter, DateTimeOffset now, int max, CancellationToken cancellation) => database.ListAsync(
        $"SELECT {QuestionRow.Columns} FROM status_questions WHERE adapter_id = $1 AND state = 'waiting' AND due_at <= $2 ORDER BY due_at LIMIT $3",
        QuestionRow.Read, cancellation, Sql.Of(adapter), Sql.Time(now), Sql.Of(max));

    /// <summary>Remembers which answer a payment is to be made of, before it is: whoever comes after a crash knows whose the payment is.</summary>
    public async Task NoteAnswerAsync(StatusQuestion question, byte[] sha256, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        await using var command = database.CreateCommand("UPDATE status_questions SET answer_sha256 = $2 WHERE id = $1").With(Sql.Of(question.Id), Sql.Of(sha256));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Records what came of asking once. What was rung for since the asking began stays open.</summary>
    /// <returns>False when another silo asked meanwhile, and nothing was recorded.</returns>
    public async Task<bool> RecordAsync(StatusQuestion question, QuestionAnswer answer, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        await using var command = database.CreateCommand(
            """
            UPDATE status_questions SET
                state = CASE WHEN rung_at > $5 THEN 'waiting' ELSE $3 END, detail = $4, asks = asks + 1, tries = tries + 1, asked_at = $5,
                due_at = CASE WHEN rung_at > $5 THEN least($6, $7 + $8) ELSE $6 END, ended_at = CASE WHEN rung_at > $5 OR $3 = 'waiting' THEN NULL ELSE $7 END,
                payment_id = coalesce($9, payment_id), made = made OR $10
            WHERE id = $1 AND asks = $2
            """)
            .With(
                Sql.Of(question.Id), Sql.Of(question.Asks), Sql.Of(answer.State.Word()), Sql.Text(answer.Detail), Sql.Time(answer.AskedAt),
                Sql.Time(answer.DueAt), Sql.Time(now), Sql.Of(QuestionSchedule.RingWait),
                new NpgsqlParameter { Value = (object?)answer.PaymentId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, Sql.Of(answer.Made));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Lets go of an adapter until its next question is due, or at a later time if one is given.</summary>
    /// <returns>False when it was no longer ours.</returns>
    public async Task<bool> LetGoAsync(AgendaItem item, DateTimeOffset? notBefore, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Who opens a question makes this row due after it: what is not seen below waits for this lock, and wakes us then.
        await using var hold = new NpgsqlCommand("SELECT 1 FROM agenda WHERE kind = $1 AND key = $2 AND lease = $3 FOR UPDATE", connection)
            .With(Sql.Of(item.Kind), Sql.Of(item.Key), Sql.Of(item.Lease));
        if (await hold.ExecuteScalarAsync(cancellation) is null) return false;
        await using var next = new NpgsqlCommand("SELECT min(due_at) FROM status_questions WHERE adapter_id = $1 AND state = 'waiting'", connection)
            .With(Sql.Of(item.Key));
        DateTimeOffset? due = await next.ExecuteScalarAsync(cancellation) is DateTime time ? time : null;
        if (due < notBefore) due = notBefore;
        await Agenda.ReleaseAsync(connection, item, due, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>A page of questions, newest first.</summary>
    /// <returns>The page, or <c>list-too-wide</c>.</returns>
    public Task<Outcome<IReadOnlyList<StatusQuestion>>> ListAsync(QuestionFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var list = Sql.Command(
            $"""
            SELECT {QuestionRow.Columns} FROM status_questions WHERE adapter_id = $1
                {(filter.State is null ? "" : "AND state = $2")} {(filter.Reference is null ? "" : "AND reference = $3")}
                {(filter.After is null ? "" : "AND (created_at, id) < ((SELECT created_at FROM status_questions WHERE id = $4), $4)")}
            ORDER BY created_at DESC, id DESC LIMIT $5
            """,
            Sql.Of(filter.Adapter), Sql.Text(filter.State), Sql.Text(filter.Reference),
            new NpgsqlParameter { Value = (object?)filter.After ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, Sql.Of(filter.Limit));
        return BoundedList.ReadAsync(database, list, QuestionRow.Read, cancellation);
    }

    /// <summary>What asking brought, of questions that were first asked for in a stretch of time.</summary>
    /// <returns>The counts, or <c>list-too-wide</c>.</returns>
    public async Task<Outcome<QuestionCounts>> CountAsync(string adapter, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation)
    {
        var count = Sql.Command(
            """
            SELECT count(*), count(*) FILTER (WHERE rings > 0), count(*) FILTER (WHERE state = 'waiting'),
                count(*) FILTER (WHERE payment_id IS NOT NULL), count(*) FILTER (WHERE payment_id IS NOT NULL AND rings > 0),
                count(*) FILTER (WHERE made AND rings = 0), count(*) FILTER (WHERE state = 'failed'), count(*) FILTER (WHERE state = 'reversed'),
                count(*) FILTER (WHERE state = 'conflict'), count(*) FILTER (WHERE state = 'given_up')
            FROM status_questions WHERE adapter_id = $1 AND created_at >= coalesce($2, '-infinity') AND created_at < coalesce($3, 'infinity')
            """,
            Sql.Of(adapter), Sql.Time(from), Sql.Time(to));
        var counted = await BoundedList.ReadAsync(
            database, count,
            row => new QuestionCounts(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7),
                row.GetInt64(8), row.GetInt64(9)),
            cancellation);
        return counted.Accepted is { } rows ? rows[0] : counted.Refused!;
    }
}
