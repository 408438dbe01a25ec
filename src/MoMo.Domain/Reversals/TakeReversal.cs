using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;

namespace MoMo.Domain.Reversals;

/// <summary>
/// Asks whoever has the original payment to take a reversal. Safe to repeat: same content, same answer. Whose it is shows in the turn, when
/// nobody else can take the original meanwhile.
/// </summary>
/// <param name="id">The reversal's id, if it is taken.</param>
/// <param name="notice">What the PSP said.</param>
/// <param name="proof">What proves it.</param>
/// <param name="receivedAt">When the hub received it.</param>
/// <param name="place">Its place in a stream whose sender can be slowed down; null outside streams.</param>
public sealed class TakeReversal(Guid id, ReversalNotice notice, Proof proof, DateTimeOffset receivedAt, StreamPlace? place) : AccountCommand<TakenReversal>
{
    /// <summary>The reversal's id, if it is taken.</summary>
    public Guid Id { get; } = id;

    /// <summary>What the PSP said.</summary>
    public ReversalNotice Notice { get; } = notice;

    /// <summary>What proves it.</summary>
    public Proof Proof { get; } = proof;

    /// <summary>When the hub received it.</summary>
    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    /// <summary>Its place in a stream; null outside streams.</summary>
    public StreamPlace? Place { get; } = place;

    /// <inheritdoc/>
    public override string? AccountId => null;

    /// <inheritdoc/>
    public override int Weight => 1_024 + Proof.Weight;
}
