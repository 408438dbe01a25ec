namespace MoMo.Tests.Edge.Webhooks;

/// <summary>A clock that stands still.</summary>
internal sealed class HeldClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
