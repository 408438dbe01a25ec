using System.Security.Cryptography;
using MoMo.Engine;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// The key that signs an account's webhooks, written as Standard Webhooks 1.0.0 asks: <c>whsec_</c> and the base64 of 24 to 64 bytes.
/// <see cref="Show"/> is the only way to its text: <see cref="ToString"/> is masked, because it ends up in logs.
/// </summary>
public sealed class WebhookSecret
{
    /// <summary>What every secret's text begins with.</summary>
    public const string Prefix = "whsec_";

    /// <summary>The shortest key that is taken, in bytes.</summary>
    public const int LengthMin = 24;

    /// <summary>The longest key that is taken, in bytes.</summary>
    public const int LengthMax = 64;

    private const int LengthMade = 32;

    private readonly byte[] key;

    private WebhookSecret(byte[] key) => this.key = key;

    /// <summary>The raw key, 24 to 64 bytes: what a <see cref="DeliveryMessage"/> carries and what is kept, encrypted.</summary>
    public ReadOnlySpan<byte> Key => key;

    /// <summary>A fresh secret of 32 bytes. A key must not be guessable, so its chance is the system's and never a seed.</summary>
    public static WebhookSecret Make() => new(RandomNumberGenerator.GetBytes(LengthMade));

    /// <summary>Reads a secret's text.</summary>
    /// <returns>The secret, or <c>secret-malformed</c> for the field <c>secret</c>. The refusal never repeats the text.</returns>
    public static Outcome<WebhookSecret> Parse(string? text)
    {
        Span<byte> bytes = stackalloc byte[LengthMax];
        return text is not null
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), bytes, out var length)
            && length is >= LengthMin and <= LengthMax
            ? new WebhookSecret(bytes[..length].ToArray())
            : Refusal.Of("secret", "secret-malformed", $"Give '{Prefix}' and the base64 of {LengthMin} to {LengthMax} bytes.");
    }

    /// <summary>The secret's text, for the account's eyes only.</summary>
    public string Show() => Prefix + Convert.ToBase64String(key);

    /// <summary>The prefix and three stars.</summary>
    public override string ToString() => Prefix + "***";
}
