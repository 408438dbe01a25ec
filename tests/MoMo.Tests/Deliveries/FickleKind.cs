using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Deliveries;

/// <summary>A receiver that says no now and then; it knows what it has had.</summary>
internal sealed class FickleKind(Random chance) : IDestinationKind
{
    private readonly Lock gate = new();
    private readonly List<(int Sequence, string? Key)> arrived = [];
    private readonly HashSet<Guid> had = [];

    public string Kind => "webhook";

    /// <summary>The first time that each arrived, in their order.</summary>
    public IReadOnlyList<(int Sequence, string? Key)> Arrived
    {
        get
        {
            lock (gate) return [.. arrived];
        }
    }

    public Task<AttemptResult> SendAsync(DeliveryMessage message, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (chance.Next(5) == 0)
                return Task.FromResult(new AttemptResult(AttemptVerdict.Retry, 500, "not now", null) { Cause = DeliveryCause.AccountRejected });
            if (had.Add(message.DeliveryId)) arrived.Add(((int)message.Due!.Sequence, message.Due.OrderKey));
            return Task.FromResult(new AttemptResult(AttemptVerdict.Delivered, 200, null, null));
        }
    }
}
