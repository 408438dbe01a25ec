using System.Collections.Concurrent;
using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Deliveries;

/// <summary>A receiver that is away until a time.</summary>
internal sealed class OutageKind(TimeProvider clock, DateTimeOffset until) : IDestinationKind
{
    private readonly ConcurrentQueue<(Guid Delivery, int Attempt, DateTimeOffset At, bool Arrived)> attempts = new();

    public string Kind => "webhook";

    public IReadOnlyCollection<(Guid Delivery, int Attempt, DateTimeOffset At, bool Arrived)> Attempts => attempts;

    public int Arrived => attempts.Count(one => one.Arrived);

    public Task<AttemptResult> SendAsync(DeliveryMessage message, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var arrived = now >= until;
        attempts.Enqueue((message.DeliveryId, message.Due!.Attempts + 1, now, arrived));
        return Task.FromResult(arrived
            ? new AttemptResult(AttemptVerdict.Delivered, 200, null, null)
            : new AttemptResult(AttemptVerdict.Retry, null, "away", null) { Cause = DeliveryCause.AccountUnreachable });
    }
}
