using System.Security.Cryptography;

namespace MoMo.Domain.Proofs;

/// <summary>
/// What proves a payment: either a message of its own, whose bytes are kept in the same commit as the payment,
/// or a place in a file that was kept before.
/// </summary>
public sealed class Proof
{
    private Proof(ReadOnlyMemory<byte> body, string envelope, byte[] sha256, ProofLink? kept) =>
        (Body, Envelope, Sha256, Kept) = (body, envelope, sha256, kept);

    /// <summary>A message that has yet to be kept.</summary>
    /// <param name="body">The raw bytes as the PSP sent them. Not copied: must not change afterwards.</param>
    /// <param name="envelope">Headers, source address and time of receipt as one JSON object, without secrets.</param>
    public static Proof OfMessage(ReadOnlyMemory<byte> body, string envelope) =>
        new(body, envelope, SHA256.HashData(body.Span), null);

    /// <summary>A proof that is already kept.</summary>
    public static Proof Of(ProofLink kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return new(default, "", kept.Sha256, kept);
    }

    /// <summary>The raw bytes; empty when already kept.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Headers, source and time as JSON; empty when already kept.</summary>
    public string Envelope { get; }

    /// <summary>SHA-256 of the whole message or file, 32 bytes.</summary>
    public byte[] Sha256 { get; }

    /// <summary>Where it is kept; null for a message that has yet to be.</summary>
    public ProofLink? Kept { get; }

    /// <summary>Bytes it holds in memory.</summary>
    public int Weight => Body.Length + Envelope.Length * 2;
}
