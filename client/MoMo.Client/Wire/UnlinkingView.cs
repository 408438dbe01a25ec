namespace MoMo.Client.Wire;

/// <summary>How a payment was taken from the account that had it.</summary>
public sealed record UnlinkingView
{
    /// <summary>The payment that it was taken from: it stays its account's, with a reversal of what was left of it.</summary>
    public required string OriginalId { get; init; }

    /// <summary>The payment that stands for it since: in suspense, until it is assigned.</summary>
    public required string PaymentId { get; init; }

    /// <summary>The reversal that the account got.</summary>
    public required string ReversalId { get; init; }

    /// <summary>The operator's reason.</summary>
    public required string Reason { get; init; }

    /// <summary>Name of the key that ordered it.</summary>
    public required string By { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
