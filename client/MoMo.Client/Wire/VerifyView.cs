namespace MoMo.Client.Wire;

/// <summary>Whether what is stored keeps the hub's laws: <c>POST /v1/verify</c>.</summary>
public sealed record VerifyView
{
    /// <summary>True when nothing was found.</summary>
    public required bool Ok { get; init; }

    /// <summary>Payments looked at.</summary>
    public required long Payments { get; init; }

    /// <summary>What was checked, and what was found; in order.</summary>
    public required IReadOnlyList<CheckView> Checks { get; init; }
}
