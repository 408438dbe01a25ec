namespace MoMo.Client.Wire;

/// <summary>Gives a payment in suspense to an account: <c>POST /v1/suspense/{payment}/assign</c>.</summary>
public sealed record AssignSpec
{
    /// <summary>The account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The reference, if known.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>Why; 3 to 500 characters.</summary>
    public required string Reason { get; init; }
}
