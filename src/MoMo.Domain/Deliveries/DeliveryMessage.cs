namespace MoMo.Domain.Deliveries;

/// <summary>What is sent in one attempt.</summary>
/// <param name="DeliveryId">The same on every attempt: the receiver recognises repeats by it.</param>
/// <param name="Url">Where to.</param>
/// <param name="Secrets">HMAC keys that are live, newest first: one, or two during a rotation. Raw bytes, 24 to 64 each.</param>
/// <param name="Body">UTF-8 JSON, under 20 kB.</param>
public sealed record DeliveryMessage(Guid DeliveryId, Uri Url, IReadOnlyList<byte[]> Secrets, ReadOnlyMemory<byte> Body)
{
    /// <summary>Seeds of ed25519 keys that are live, newest first; 32 bytes each.</summary>
    public IReadOnlyList<byte[]> Seeds { get; init; } = [];

    /// <summary>What it tells of, for kinds that write something else than JSON.</summary>
    public DueDelivery? Due { get; init; }

    /// <summary>The destination, for kinds that have settings.</summary>
    public LaneDestination? To { get; init; }
}
