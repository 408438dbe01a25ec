using MoMo.Silo.Hosting;
using MoMo.Storage;
using MoMo.Storage.Questions;
using MoMo.Storage.Requests;

namespace MoMo.Silo.Operations;

/// <summary>Forgets old questions, and what callers asked under an Idempotency-Key, every hour, in one of the silos.</summary>
internal sealed class RetentionWorker(
    Agenda agenda, QuestionRetention retention, NamedRequestStore requests, TimeProvider clock, ILogger<RetentionWorker> log)
    : AgendaWorker(agenda, QuestionRetention.AgendaKind, "The retention of questions", 1, clock, log)
{
    /// <summary>Batches in a row; whatever else is left comes right after.</summary>
    private const int BatchesMax = 20;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly Agenda agenda = agenda;
    private readonly TimeProvider clock = clock;

    protected override async Task WorkAsync(AgendaItem item, CancellationToken cancellation)
    {
        var (forgotten, isLast) = (0, false);
        for (var batch = 0; batch < BatchesMax && !isLast; batch++)
        {
            var some = await retention.ForgetAsync(cancellation);
            (forgotten, isLast) = (forgotten + some, some < QuestionRetention.BatchMax);
        }

        var named = await requests.ForgetAsync(cancellation);
        isLast &= named < NamedRequestStore.BatchMax;
        if (forgotten > 0) log.LogInformation("{Count} questions to PSPs ended long ago and are forgotten.", forgotten);
        await agenda.ReleaseAsync(item, clock.GetUtcNow() + (isLast ? Every : TimeSpan.Zero), cancellation);
    }
}
