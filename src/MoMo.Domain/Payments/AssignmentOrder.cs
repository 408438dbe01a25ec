namespace MoMo.Domain.Payments;

/// <summary>An operator's order to give a payment in suspense to an account.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="AccountId">Its account from now on.</param>
/// <param name="ReferenceId">The reference, if known.</param>
/// <param name="Reason">Why; from 3 to 500 characters.</param>
/// <param name="By">Name of the key that orders it.</param>
/// <param name="At">When.</param>
public sealed record AssignmentOrder(Guid PaymentId, string AccountId, string? ReferenceId, string Reason, string By, DateTimeOffset At)
{
    /// <summary>The accounts that registered the reference, where this one did not: it belongs to them.</summary>
    public IReadOnlyList<string> Elsewhere { get; init; } = [];
}
