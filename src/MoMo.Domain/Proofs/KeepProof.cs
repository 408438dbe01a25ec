using MoMo.Domain.Accounts;
using MoMo.Domain.Files;
using MoMo.Domain.Questions;

namespace MoMo.Domain.Proofs;

/// <summary>
/// Keeps the bytes of a message that made no payment: refused, malformed, or a question before the money moves.
/// Belongs to no account; rides in the same turns.
/// </summary>
public sealed class KeepProof(Proof proof, string? psp, string? adapter, string why, DateTimeOffset receivedAt) : AccountCommand<ProofLink>
{
    /// <summary>What is kept.</summary>
    public Proof Proof { get; } = proof;

    /// <summary>Who sent it, if known.</summary>
    public string? Psp { get; } = psp;

    /// <summary>Through which adapter, if any.</summary>
    public string? Adapter { get; } = adapter;

    /// <summary>The code of the refusal, or <c>validation</c>.</summary>
    public string Why { get; } = why;

    /// <summary>What it says that is no payment; recorded in the same commit.</summary>
    public IReadOnlyList<NoticeEntry> Notices { get; init; } = [];

    /// <summary>What its PSP is to be asked because of it; written in the same commit.</summary>
    public IReadOnlyList<NewQuestion> Questions { get; init; } = [];

    /// <summary>When the hub received it.</summary>
    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    /// <inheritdoc/>
    public override string? AccountId => null;

    /// <inheritdoc/>
    public override int Weight => 512 + Proof.Weight;
}
