namespace MoMo.Client.Wire;

/// <summary>What asking a PSP brought.</summary>
public sealed record StatusCountsView
{
    /// <summary>Payments that were asked about.</summary>
    public required long Asked { get; init; }

    /// <summary>Of them those that a callback rang for.</summary>
    public required long Rung { get; init; }

    /// <summary>Those that are asked still.</summary>
    public required long Waiting { get; init; }

    /// <summary>Those that found a payment.</summary>
    public required long Found { get; init; }

    /// <summary>Of them those that a callback rang for.</summary>
    public required long FoundByDoorbell { get; init; }

    /// <summary>Payments that no callback told of, and that nobody would have known without asking: what callbacks lost.</summary>
    public required long FoundLost { get; init; }

    /// <summary>Those whose PSP said that no live money came in.</summary>
    public required long Failed { get; init; }

    /// <summary>Those whose PSP took the payment back.</summary>
    public required long Reversed { get; init; }

    /// <summary>Those whose answer contradicts a payment, for people to look at.</summary>
    public required long Conflicts { get; init; }

    /// <summary>Those that got no final answer in time, for people to look at.</summary>
    public required long GivenUp { get; init; }
}
