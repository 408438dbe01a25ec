namespace MoMo.Domain.Proofs;

/// <summary>Where a proof is kept: a message in a pack, or a position in a file.</summary>
/// <param name="Sha256">Of the whole message or file, 32 bytes.</param>
/// <param name="Pack">The pack that holds the message; null for a file.</param>
/// <param name="Position">The message's place in its pack, from 0; or the place in the file, from 1 (line, row or entry).</param>
/// <param name="FileId">The file; null for a message.</param>
public sealed record ProofLink(byte[] Sha256, long? Pack, int Position, Guid? FileId);
