using Microsoft.Extensions.Logging;

namespace MoMo.Storage.Adapters;

/// <summary>Puts adapters down that were not heard of in time. One silo sees to each; their payments are taken all the same.</summary>
public sealed class AdapterLeases(Agenda agenda, StoredAdapters adapters, TimeProvider clock, ILogger<AdapterLeases> log)
    : RoundWorker("Looking at the leases of adapters", LookEvery, clock, log)
{
    /// <summary>Kind of agenda row that an adapter has; its key is the adapter's id.</summary>
    public const string AgendaKind = "adapter-lease";

    private const int BatchMax = 100;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider clock = clock;

    /// <summary>Looks once, at up to 100 adapters.</summary>
    /// <returns>How many adapters' leases were looked at.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        var due = await agenda.ClaimAsync(AgendaKind, BatchMax, Lease, clock.GetUtcNow(), cancellation);
        await EachAsync(due, item => adapters.ExpireAsync(item, cancellation), cancellation);
        return due.Count;
    }

    /// <inheritdoc/>
    protected override async Task<bool> RoundAsync(CancellationToken stopping) => await RunOnceAsync(stopping) == BatchMax;
}
