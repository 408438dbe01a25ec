using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Questions;
using MoMo.Edge.Questions;
using MoMo.Silo.Api;
using MoMo.Storage;
using MoMo.Storage.Adapters;
using MoMo.Storage.Questions;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Questions;

/// <summary>
/// Asks what is due of one adapter, a few at once. A PSP that answers nobody is left alone for a while; its questions wait, and nobody else's do.
/// </summary>
internal sealed class QuestionRound(
    QuestionStore questions, Asking asking, IDirectory directory, CallbackIntake formats, CallbackSources sources, StoredAdapters adapters,
    TimeProvider clock, ILogger<QuestionRound> log)
{
    /// <summary>Questions that one PSP is asked at once.</summary>
    private const int AtOnceMax = 8;

    /// <summary>Times that so many are asked before the silo looks for other work; the next round follows at once.</summary>
    private const int TurnsMax = 50;

    /// <summary>So many questions in a row without an answer, and the PSP is left alone.</summary>
    private const int TroubledMax = 3;

    /// <summary>How long a PSP that answered nobody is left alone.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    /// <summary>How long at most an adapter that can't ask is left alone: it is archived, or its settings do not say how any more.</summary>
    private static readonly TimeSpan UnablePause = TimeSpan.FromMinutes(10);

    /// <summary>How long an adapter is left alone whose credentials can't be opened. New credentials don't wait for it.</summary>
    private static readonly TimeSpan ClosedPause = TimeSpan.FromMinutes(1);

    /// <summary>Questions that are ended at once.</summary>
    private const int OverMax = 1_000;

    public async Task RunAsync(AgendaItem item, CancellationToken cancellation)
    {
        if (await directory.FindAdapterAsync(item.Key, cancellation) is not { Archived: false } adapter
            || formats.Find(adapter.Format) is not IStatusFormat format || StatusClient.AskedBy(format, adapter.Settings) is not { } by)
        {
            log.LogWarning("Adapter {Adapter} has questions to its PSP, but is archived, or its settings have no status_url.", item.Key);
            await EndAsync(item, cancellation);
            return;
        }

        CallbackSource source;
        try
        {
            source = sources.Of(adapter);
        }
        catch (SecretException e)
        {
            await HoldAsync(item, e.Message, cancellation);
            return;
        }

        await AskAsync(item, new Asker(adapter, format, by, source), cancellation);
    }

    private async Task AskAsync(AgendaItem item, Asker asker, CancellationToken cancellation)
    {
        DateTimeOffset? rest = null;
        var longest = TimeSpan.Zero;
        var troubled = 0;
        for (var turn = 0; turn < TurnsMax && rest is null; turn++)
        {
            // The first one goes alone: it has the token for all, and finds out what would meet them all.
            var due = await questions.DueAsync(item.Key, clock.GetUtcNow(), turn == 0 ? 1 : AtOnceMax, cancellation);
            if (due.Count == 0) break;
            // What was held up says that the adapter was told to be degraded.
            if (turn == 0 && due.Any(question => question.Detail?.StartsWith(QuestionStore.HeldUp, StringComparison.Ordinal) == true))
                await adapters.UnlockAsync(item.Key, null, cancellation);
            var answers = await Task.WhenAll(due.Select(question => asking.AskAsync(asker, question, cancellation)));
            foreach (var wanted in answers.Select(answer => answer.RetryAfter).OfType<TimeSpan>())
                longest = wanted > QuestionSchedule.WaitMax ? QuestionSchedule.WaitMax : wanted > longest ? wanted : longest;
            var everybodys = answers.Where(answer => answer.IsEverybodys).ToArray();
            troubled = everybodys.Length == due.Count ? troubled + due.Count : 0;
            if (everybodys.Length == 0) continue;
            log.LogWarning("The PSP of adapter {Adapter} can't be asked: {Reason}", item.Key, everybodys[0].Trouble);
            if (troubled < TroubledMax) continue;
            var pause = RetrySchedule.Shake(Rest, Random.Shared);
            rest = clock.GetUtcNow() + (longest > pause ? longest : pause);
        }

        await questions.LetGoAsync(item, null, rest, cancellation);
    }

    /// <summary>The credentials can't be opened, which is the hub's own trouble: what is due waits for somebody to mend that, however long it takes.</summary>
    private async Task HoldAsync(AgendaItem item, string reason, CancellationToken cancellation)
    {
        // Who is told of trouble is told of its end by the question that had to wait for it: without one there is nothing to tell yet.
        if ((await questions.DueAsync(item.Key, clock.GetUtcNow(), 1, cancellation)).Count == 0)
        {
            await questions.LetGoAsync(item, null, null, cancellation);
            return;
        }

        log.LogError("The PSP of adapter {Adapter} can't be asked: {Reason}", item.Key, reason);
        await questions.HoldAsync(item.Key, reason, clock.GetUtcNow(), cancellation);
        await adapters.UnlockAsync(item.Key, reason, cancellation);
        await questions.LetGoAsync(item, clock.GetUtcNow() + ClosedPause, null, cancellation);
    }

    /// <summary>Nobody can ask: the questions whose time is over end, and the others wait for it, or for an adapter that can ask again.</summary>
    private async Task EndAsync(AgendaItem item, CancellationToken cancellation)
    {
        var psp = (await directory.FindAdapterAsync(item.Key, cancellation))?.Psp;
        IReadOnlyList<StatusQuestion> over;
        do
        {
            over = await questions.OverAsync(item.Key, clock.GetUtcNow(), OverMax, cancellation);
            foreach (var question in over) await asking.EndAsync(psp, question, "The adapter can't ask any more: it is archived, or its settings have no status_url.");
        }
        while (over.Count == OverMax);

        var (now, next) = (clock.GetUtcNow(), await questions.FindNextOverAsync(item.Key, cancellation));
        await questions.LetGoAsync(item, next < now + UnablePause ? next : now + UnablePause, null, cancellation);
    }
}
