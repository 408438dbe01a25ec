using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;

namespace MoMo.Domain.Payments;

/// <summary>Money a PSP says has arrived, as it is kept: never changed, never deleted.</summary>
public sealed record Payment
{
    /// <summary>In place of a rule, in the trace of what stands for another payment.</summary>
    internal const string UnlinkedRule = "unlinked";

    /// <summary>Time-ordered, made by us.</summary>
    public required Guid Id { get; init; }

    /// <summary>What the PSP said.</summary>
    public required PaymentNotice Notice { get; init; }

    /// <summary>Whose it is, and how we know.</summary>
    public required RoutingDecision Decision { get; init; }

    /// <summary>The account's own gapless number for it, from 1; null while it is in suspense.</summary>
    public long? Sequence { get; init; }

    /// <summary>When the hub received it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Where its proof is.</summary>
    public required ProofLink Proof { get; init; }

    /// <summary>Whether it is real money: its adapter's mode.</summary>
    public Mode Mode { get; init; }

    /// <summary>How it left suspense; null when it was never there, or still is.</summary>
    public Assignment? Assignment { get; init; }

    /// <summary>
    /// Whether it stands for an earlier payment that was unlinked from another account: the account and reference that the sender named are that one's, and
    /// nothing for the eyes of whoever gets this. What the payer wrote goes along: it is about this money.
    /// </summary>
    public bool Stands => Decision is { AccountId: null, Trace: [{ Rule: UnlinkedRule }] };

    /// <summary>The account that has it now; null in suspense.</summary>
    public string? AccountId => Assignment?.AccountId ?? Decision.AccountId;

    /// <summary>The reference that it is for, if any is known.</summary>
    public string? ReferenceId => Assignment is null ? Decision.ReferenceId : Assignment.ReferenceId ?? Decision.ReferenceId;
}
