namespace MoMo.Client.Wire;

/// <summary>Takes a payment from the account that has it: <c>POST /v1/payments/{payment}/unlink</c>.</summary>
public sealed record UnlinkSpec
{
    /// <summary>Why; 3 to 500 characters.</summary>
    public required string Reason { get; init; }
}
