using Microsoft.Extensions.Logging;

namespace MoMo.Storage.Deliveries;

/// <summary>Goes on with replays, a batch of each in turn. One silo at a time works on each.</summary>
public sealed class ReplayRunner(Agenda agenda, ReplayStore replays, Action wake, TimeProvider clock, ILogger<ReplayRunner> log)
    : RoundWorker("Going on with replays", LookEvery, clock, log)
{
    private const int ClaimMax = 20;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider clock = clock;

    /// <summary>Makes one batch of each replay that is due.</summary>
    /// <returns>Deliveries that were made due.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        var made = 0;
        var due = await agenda.ClaimAsync(ReplayStore.AgendaKind, ClaimMax, Lease, clock.GetUtcNow(), cancellation);
        await EachAsync(due, async item => made += await replays.StepAsync(item, cancellation), cancellation);
        if (made > 0) wake();
        return made;
    }

    /// <inheritdoc/>
    protected override async Task<bool> RoundAsync(CancellationToken stopping)
    {
        await RunOnceAsync(stopping);
        return false;
    }
}
