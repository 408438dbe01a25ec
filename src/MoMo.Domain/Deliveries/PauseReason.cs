namespace MoMo.Domain.Deliveries;

/// <summary>Why the hub paused a destination by itself.</summary>
public enum PauseReason
{
    /// <summary>Nothing arrived for <see cref="DelivererOptions.FailingMax"/>, although it was tried.</summary>
    Failing,

    /// <summary>The receiver answered <c>410 Gone</c>: it wants no more.</summary>
    Gone,
}
