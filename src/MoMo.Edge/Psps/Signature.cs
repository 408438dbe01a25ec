using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MoMo.Domain.Callbacks;
using MoMo.Engine;

namespace MoMo.Edge.Psps;

/// <summary>Checks signatures and shared secrets in constant time, against every value of a credential that is valid now.</summary>
internal static class Signature
{
    /// <summary>How far a signed time may be from ours, unless configured.</summary>
    public static readonly TimeSpan ToleranceDefault = TimeSpan.FromMinutes(5);

    public static Refusal Missing(string header) => new("signature-missing", $"The message has no {header}.");

    public static Refusal Wrong { get; } = new("signature-wrong", "The signature is not that of these bytes and this adapter's secret.");

    public static Refusal Stale { get; } = new("signature-stale", "The message was signed too long ago, or in the future.");

    public static Refusal Unset(string credential) =>
        new("credential-missing", $"The adapter has no credential '{credential}', so nobody can tell who sent this: set it with PUT /v1/adapters/…");

    /// <summary>Checks what was given against what each value of the credential makes of the message.</summary>
    /// <param name="source">The adapter.</param>
    /// <param name="credential">The credential's name.</param>
    /// <param name="given">The signatures that came with the message; one must be right.</param>
    /// <param name="expected">What a secret makes of the message.</param>
    public static Refusal? Check(CallbackSource source, string credential, IReadOnlyList<string> given, Func<byte[], string> expected)
    {
        var secrets = source.Secrets.Of(credential);
        if (secrets.Count == 0) return Unset(credential);
        var right = false;
        foreach (var secret in secrets)
        {
            var wanted = expected(Encoding.UTF8.GetBytes(secret));
            foreach (var one in given) right |= Same(one, wanted);
        }

        return right ? null : Wrong;
    }

    /// <summary>Whether two texts are the same; how long it takes does not depend on where they differ, nor on their lengths.</summary>
    public static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(one)), SHA256.HashData(Encoding.UTF8.GetBytes(other)));

    /// <summary>Whether a signed time is near enough to the time of receipt.</summary>
    public static Refusal? CheckAge(DateTimeOffset signed, DateTimeOffset receivedAt, TimeSpan tolerance) =>
        (receivedAt - signed).Duration() > tolerance ? Stale : null;

    /// <summary>Whole seconds since 1970; null when they are none.</summary>
    public static DateTimeOffset? Unix(string seconds) =>
        seconds.Length <= 11 && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var since)
            ? DateTimeOffset.FromUnixTimeSeconds(since) : null;
}
