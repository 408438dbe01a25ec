using System.Security.Cryptography;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// The private half of an ed25519 pair that signs an account's webhooks (Standard Webhooks 1.0.0, <c>v1a</c>): <c>whsk_</c> and the base64 of the
/// 32 bytes of its seed. The hub keeps it; the account is shown the public half, <c>whpk_…</c>.
/// </summary>
public sealed class Ed25519Secret
{
    /// <summary>What every private half's text begins with.</summary>
    public const string Prefix = "whsk_";

    /// <summary>What every public half's text begins with.</summary>
    public const string PublicPrefix = "whpk_";

    /// <summary>Bytes of a seed, and of a public key.</summary>
    public const int Length = 32;

    private readonly byte[] seed;

    private Ed25519Secret(byte[] seed) => this.seed = seed;

    /// <summary>The seed, 32 bytes.</summary>
    public ReadOnlySpan<byte> Seed => seed;

    /// <summary>A fresh pair. Its chance is the system's and never a seed of ours.</summary>
    public static Ed25519Secret Make() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Whether a stored secret is one of these.</summary>
    public static bool IsOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>Reads what <see cref="Show"/> wrote.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Ed25519Secret Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var seed = IsOne(text) ? Convert.FromBase64String(text[Prefix.Length..]) : [];
        return seed.Length == Length ? new(seed) : throw new FormatException("It is no ed25519 secret.");
    }

    /// <summary>Its text, for the sealed store only.</summary>
    public string Show() => Prefix + Convert.ToBase64String(seed);

    /// <summary>The prefix and three stars.</summary>
    public override string ToString() => Prefix + "***";
}
