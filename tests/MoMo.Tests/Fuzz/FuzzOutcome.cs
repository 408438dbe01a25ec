using MoMo.Domain.Payments;

namespace MoMo.Tests.Fuzz;

/// <summary>What came of one input.</summary>
/// <param name="Label">The way it took, such as its refusal's code; an input with a new one is worth mutating further.</param>
/// <param name="Payments">What was accepted.</param>
internal sealed record FuzzOutcome(string Label, IReadOnlyList<PaymentNotice> Payments)
{
    public FuzzOutcome(string label) : this(label, []) { }
}
