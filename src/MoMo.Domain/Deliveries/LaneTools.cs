using MoMo.Engine;

namespace MoMo.Domain.Deliveries;

/// <summary>What the work on all lanes shares.</summary>
internal sealed record LaneTools(
    ILanes Lanes,
    Journal<RecordAttempt> Outcomes,
    IReadOnlyDictionary<string, IDestinationKind> Kinds,
    Func<DueDelivery, ReadOnlyMemory<byte>> Body,
    DelivererOptions Options,
    Random Chance,
    TimeProvider Clock,
    Func<int> LanesHeld,
    Action<LaneDestination, PauseReason> Paused);
