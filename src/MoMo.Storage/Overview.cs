namespace MoMo.Storage;

/// <summary>What waits in the hub, counted without reading much.</summary>
/// <param name="Adapters">Adapters that are not archived, by state.</param>
/// <param name="Pending">
/// Deliveries that are to be sent; at most <see cref="OverviewStore.CountMax"/> are counted, and of those of a lane that were never tried only such among the
/// next 20,000 numbers of its account: of a filter that hardly any payment fits nobody knows more without reading them all.
/// </param>
/// <param name="Dead">Deliveries that wait for a person; at most as many.</param>
/// <param name="Suspense">Payments in suspense among the newest <see cref="OverviewStore.CountMax"/> that came in without an account.</param>
/// <param name="Paused">Destinations that the hub paused by itself, by reason; at most <see cref="OverviewStore.CountMax"/> of each are counted.</param>
/// <param name="BreakersOpen">
/// Breakers that have opened and not closed since, of destinations that are not paused, among the first <see cref="OverviewStore.CountMax"/>.
/// </param>
public sealed record Overview(
    IReadOnlyDictionary<string, long> Adapters, long Pending, long Dead, long Suspense, IReadOnlyDictionary<string, long> Paused, long BreakersOpen);
