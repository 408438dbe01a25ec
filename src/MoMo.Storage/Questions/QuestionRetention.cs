using MoMo.Domain.Questions;
using Npgsql;

namespace MoMo.Storage.Questions;

/// <summary>Forgets questions that came to their end long ago. What was kept as proof stays: only the rows that tell of the asking go.</summary>
public sealed class QuestionRetention(NpgsqlDataSource database, QuestionOptions options, TimeProvider clock)
{
    /// <summary>Kind of the agenda row; there is one.</summary>
    public const string AgendaKind = "question-retention";

    /// <summary>Questions that are forgotten in one transaction, at most.</summary>
    public const int BatchMax = 1_000;

    /// <summary>Forgets one batch, what ended first before the rest. One that is asked for again meanwhile is no longer at its end, and stays.</summary>
    /// <returns>How many were forgotten; fewer than <see cref="BatchMax"/> when none is left.</returns>
    public async Task<int> ForgetAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            DELETE FROM status_questions WHERE ended_at < $1 AND id IN (
                SELECT id FROM status_questions WHERE ended_at < $1 ORDER BY ended_at LIMIT $2)
            """)
            .With(Sql.Time(clock.GetUtcNow() - options.KeptFor), Sql.Of(BatchMax));
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
