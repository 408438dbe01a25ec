using MoMo.Domain.Questions;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Questions;

/// <summary>Questions to PSPs as rows.</summary>
internal static class QuestionRow
{
    public const string Columns =
        """
        id, adapter_id, reference, origin, rings, state, detail, asks, tries, payment_id, made, answer_sha256,
        created_at, rung_at, asked_at, due_at, until_at, ended_at, openings
        """;

    /// <summary>
    /// Opens a question, or opens again the one that there is: it keeps what it found. Ringing does not begin the schedule anew while it waits, and
    /// asks the PSP no sooner than <see cref="QuestionSchedule.RingWait"/> after the last time.
    /// </summary>
    private const string Upsert =
        $"""
        INSERT INTO status_questions AS q (id, adapter_id, reference, origin, rings, created_at, rung_at, due_at, until_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)
        ON CONFLICT (adapter_id, reference) DO UPDATE SET
            rings = least(q.rings + excluded.rings, 2000000000), rung_at = greatest(q.rung_at, excluded.rung_at), state = 'waiting', ended_at = NULL,
            openings = q.openings + 1,
            tries = CASE WHEN q.state = 'waiting' THEN q.tries ELSE 0 END,
            until_at = CASE WHEN q.state = 'waiting' THEN q.until_at ELSE excluded.until_at END,
            due_at = least(CASE WHEN q.state = 'waiting' THEN q.due_at END, greatest(excluded.due_at, q.asked_at + $9))
        """;

    /// <summary>In the order in which all silos lock them: turns wait for each other, never in a ring.</summary>
    public static IEnumerable<NewQuestion> Ordered(IReadOnlyCollection<NewQuestion> questions) => questions.Count < 2
        ? questions
        : questions.OrderBy(one => one.Adapter, StringComparer.Ordinal).ThenBy(one => one.Reference, StringComparer.Ordinal);

    /// <summary>Opens questions, and then makes their adapters' rows of the agenda due, in this order for the locks' sake.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Open(IReadOnlyCollection<NewQuestion> questions)
    {
        if (questions.Count == 0) yield break;
        foreach (var question in Ordered(questions)) yield return Sql.Command(Upsert, Parameters(question));
        foreach (var adapter in questions.GroupBy(one => one.Adapter).OrderBy(one => one.Key, StringComparer.Ordinal))
            yield return Sql.Command(
                """
                INSERT INTO agenda (kind, key, due_at) VALUES ($1, $2, $3)
                ON CONFLICT (kind, key) DO UPDATE SET due_at = least(agenda.due_at, excluded.due_at)
                """,
                Sql.Of(QuestionStore.AgendaKind), Sql.Of(adapter.Key), Sql.Time(adapter.Min(one => one.DueAt)));
    }

    public static StatusQuestion Read(NpgsqlDataReader rows) => new()
    {
        Id = rows.GetGuid(0),
        Adapter = rows.GetString(1),
        Reference = rows.GetString(2),
        Origin = QuestionWords.Origin(rows.GetString(3)),
        Rings = rows.GetInt32(4),
        State = QuestionWords.State(rows.GetString(5)),
        Detail = rows.TextOrNull(6),
        Asks = rows.GetInt32(7),
        Tries = rows.GetInt32(8),
        PaymentId = rows.IsDBNull(9) ? null : rows.GetGuid(9),
        Made = rows.GetBoolean(10),
        AnswerSha256 = rows.IsDBNull(11) ? null : rows.GetFieldValue<byte[]>(11),
        CreatedAt = rows.GetFieldValue<DateTimeOffset>(12),
        RungAt = rows.GetFieldValue<DateTimeOffset>(13),
        AskedAt = rows.TimeOrNull(14),
        DueAt = rows.GetFieldValue<DateTimeOffset>(15),
        UntilAt = rows.GetFieldValue<DateTimeOffset>(16),
        EndedAt = rows.TimeOrNull(17),
        Openings = rows.GetInt64(18),
    };

    private static NpgsqlParameter[] Parameters(NewQuestion question) =>
    [
        Sql.Of(question.Id), Sql.Of(question.Adapter), Sql.Of(question.Reference), Sql.Of(question.Origin.Word()),
        Sql.Of(question.Origin == QuestionOrigin.Doorbell ? 1 : 0), Sql.Time(question.At), Sql.Time(question.DueAt),
        Sql.Time(question.DueAt + QuestionSchedule.Lifetime), Sql.Of(QuestionSchedule.RingWait),
    ];
}
