namespace MoMo.Client.Wire;

/// <summary>How a payment left suspense.</summary>
public sealed record AssignmentView
{
    /// <summary>The operator's reason.</summary>
    public required string Reason { get; init; }

    /// <summary>Name of the key that assigned it.</summary>
    public required string By { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
