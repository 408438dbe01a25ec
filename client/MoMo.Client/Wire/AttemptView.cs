namespace MoMo.Client.Wire;

/// <summary>One attempt to deliver.</summary>
public sealed record AttemptView
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required long Milliseconds { get; init; }

    /// <summary>HTTP status; null when none came.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong; null when it arrived.</summary>
    public string? Error { get; init; }

    /// <summary>Why; see <see cref="DeliveryView.Cause"/>.</summary>
    public string? Cause { get; init; }

    /// <summary>The beginning of what the receiver wrote, at most 4,096 characters.</summary>
    public string? Excerpt { get; init; }
}
