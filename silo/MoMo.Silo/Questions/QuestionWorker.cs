using MoMo.Silo.Hosting;
using MoMo.Storage;
using MoMo.Storage.Questions;

namespace MoMo.Silo.Questions;

/// <summary>Asks PSPs when questions are due. Several silos share the work: each adapter is claimed by one of them.</summary>
internal sealed class QuestionWorker(Agenda agenda, QuestionRound round, TimeProvider clock, ILogger<QuestionWorker> log)
    : AgendaWorker(agenda, QuestionStore.AgendaKind, "The questions of adapter", AdaptersMax, clock, log)
{
    /// <summary>Adapters that one silo asks for at once.</summary>
    private const int AdaptersMax = 16;

    protected override Task WorkAsync(AgendaItem item, CancellationToken cancellation) => round.RunAsync(item, cancellation);
}
