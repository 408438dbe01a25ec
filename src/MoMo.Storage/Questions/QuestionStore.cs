using System.Collections.Concurrent;
using MoMo.Domain.Questions;
using MoMo.Engine;
using MoMo.Storage.Management;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Questions;

/// <summary>
/// Questions to PSPs. Each adapter that asks has one row of the agenda, however many wait: one silo at a time works on it, and a PSP that does not
/// answer keeps nobody else waiting. Callbacks open questions in the turn that keeps their bytes.
/// </summary>
public sealed class QuestionStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Kind of agenda row that an adapter has which asks; its key is the adapter's id.</summary>
    public const string AgendaKind = "status-questions";

    /// <summary>Questions of one adapter that may wait.</summary>
    public const int WaitingMax = 100_000;

    /// <summary>How the detail begins of a question that can't be asked, because its adapter's credentials can't be opened.</summary>
    public const string HeldUp = "The adapter's credentials can't be opened: ";

    private const int HoldMax = 1_000;

    /// <summary>How long it is believed that there is room, without looking again: far fewer come meanwhile than may wait.</summary>
    private static readonly TimeSpan RoomFor = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> roomUntil = new(StringComparer.Ordinal);

    /// <summary>Whether as many wait as may, so that a new one can't. A reference that was asked for before has its question already.</summary>
    public async Task<bool> IsFullAsync(string adapter, string reference, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (roomUntil.TryGetValue(adapter, out var until) && now < until) return false;
        await using var command = database.CreateCommand(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM status_questions WHERE adapter_id = $1 AND reference = $2) THEN NULL
                ELSE EXISTS (SELECT 1 FROM status_questions WHERE adapter_id = $1 AND state = 'waiting' OFFSET $3 LIMIT 1) END
            """)
            .With(Sql.Of(adapter), Sql.Of(reference), Sql.Of(WaitingMax - 1));
        if (await command.ExecuteScalarAsync(cancellation) is not bool full) return false;
        if (!full) roomUntil[adapter] = now + RoomFor;
        return full;
    }

    /// <summary>Opens a question for somebody who is no callback.</summary>
    /// <returns>The question, or <c>questions-full</c>.</returns>
    public async Task<Outcome<StatusQuestion>> AskAsync(NewQuestion question, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (await IsFullAsync(question.Adapter, question.Reference, cancellation)) return Full(question.Adapter);
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

    /// <summary>Records what came of asking once. What was asked for again since the question was read stays open, whatever clocks say.</summary>
    /// <returns>False when another silo asked meanwhile, and nothing was recorded.</returns>
    public async Task<bool> RecordAsync(StatusQuestion question, QuestionAnswer answer, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        await using var command = database.CreateCommand(
            """
            UPDATE status_questions SET
                state = CASE WHEN openings <> $11 THEN 'waiting' ELSE $3 END, detail = $4, asks = asks + 1, tries = tries + 1, asked_at = $5,
                due_at = CASE WHEN openings <> $11 THEN least($6, $7 + $8) ELSE $6 END,
                ended_at = CASE WHEN openings <> $11 OR $3 = 'waiting' THEN NULL ELSE $7 END,
                payment_id = coalesce($9, payment_id), made = made OR $10
            WHERE id = $1 AND asks = $2
            """)
            .With(
                Sql.Of(question.Id), Sql.Of(question.Asks), Sql.Of(answer.State.Word()), Sql.Text(answer.Detail), Sql.Time(answer.AskedAt),
                Sql.Time(answer.DueAt), Sql.Time(now), Sql.Of(QuestionSchedule.RingWait),
                new NpgsqlParameter { Value = (object?)answer.PaymentId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, Sql.Of(answer.Made),
                Sql.Of(question.Openings));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>What is due can't be asked, by no fault of the PSP's: says so, and gives it its whole time again, once it can.</summary>
    public async Task HoldAsync(string adapter, string reason, DateTimeOffset now, CancellationToken cancellation)
    {
        int held;
        do
        {
            await using var command = database.CreateCommand(
                """
                UPDATE status_questions SET detail = $3, until_at = greatest(until_at, $4) WHERE id IN (
                    SELECT id FROM status_questions WHERE adapter_id = $1 AND state = 'waiting' AND due_at <= $2
                        AND (detail IS DISTINCT FROM $3 OR until_at < $4 - interval '1 hour') LIMIT $5)
                """)
                .With(Sql.Of(adapter), Sql.Time(now), Sql.Of(HeldUp + reason), Sql.Time(now + QuestionSchedule.Lifetime), Sql.Of(HoldMax));
            held = await command.ExecuteNonQueryAsync(cancellation);
        }
        while (held == HoldMax);
    }

    /// <summary>Questions whose time is over although they wait, the longest over first.</summary>
    public Task<IReadOnlyList<StatusQuestion>> OverAsync(string adapter, DateTimeOffset now, int max, CancellationToken cancellation) => database.ListAsync(
        $"SELECT {QuestionRow.Columns} FROM status_questions WHERE adapter_id = $1 AND state = 'waiting' AND until_at <= $2 ORDER BY until_at LIMIT $3",
        QuestionRow.Read, cancellation, Sql.Of(adapter), Sql.Time(now), Sql.Of(max));

    /// <summary>When the time of the next question that waits is over; null when none waits.</summary>
    public async Task<DateTimeOffset?> FindNextOverAsync(string adapter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT min(until_at) FROM status_questions WHERE adapter_id = $1 AND state = 'waiting'").With(Sql.Of(adapter));
        return await command.ExecuteScalarAsync(cancellation) is DateTime time ? time : null;
    }

    /// <summary>Ends a question without asking, unless it was asked for again meanwhile.</summary>
    /// <returns>False when it was, or another silo ended it.</returns>
    public async Task<bool> GiveUpAsync(StatusQuestion question, string reason, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        await using var command = database.CreateCommand(
            """
            UPDATE status_questions SET state = 'given_up', detail = $4, ended_at = $5
            WHERE id = $1 AND asks = $2 AND openings = $3 AND state = 'waiting'
            """)
            .With(Sql.Of(question.Id), Sql.Of(question.Asks), Sql.Of(question.Openings), Sql.Text(reason), Sql.Time(now));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Lets go of an adapter until its next question is due.</summary>
    /// <param name="item">What was claimed.</param>
    /// <param name="notBefore">A later time, if there is reason for one; a new question does not wait for it.</param>
    /// <param name="restUntil">Until when the PSP is left alone, whatever is asked for meanwhile; null: it need not be.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when it was no longer ours.</returns>
    public async Task<bool> LetGoAsync(AgendaItem item, DateTimeOffset? notBefore, DateTimeOffset? restUntil, CancellationToken cancellation)
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
        if (restUntil is { } until)
        {
            // As if somebody else held it, so that its own holder can't make the rest longer or shorter any more.
            await using var rest = new NpgsqlCommand("UPDATE agenda SET leased_until = $3, lease = lease + 1 WHERE kind = $1 AND key = $2", connection)
                .With(Sql.Of(item.Kind), Sql.Of(item.Key), Sql.Time(until));
            await rest.ExecuteNonQueryAsync(cancellation);
        }

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
