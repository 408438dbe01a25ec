using System.Security.Cryptography;
using System.Text;

namespace MoMo.Silo.Demo;

/// <summary>
/// Checks a webhook the way a receiver does, from the specification of Standard Webhooks 1.0.0 alone: it shares nothing with the side that signs.
/// </summary>
internal static class SignatureCheck
{
    /// <summary>How far the timestamp may be off.</summary>
    private const long SecondsMax = 300;

    /// <summary>Why the message is not to be believed; null when it is.</summary>
    public static string? Fault(IHeaderDictionary headers, byte[] body, IEnumerable<byte[]> secrets, DateTimeOffset now)
    {
        string? id = headers["webhook-id"], time = headers["webhook-timestamp"], signatures = headers["webhook-signature"];
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(time) || string.IsNullOrEmpty(signatures)) return "not signed";
        var second = now.ToUnixTimeSeconds();
        if (!long.TryParse(time, out var seconds) || seconds < second - SecondsMax || seconds > second + SecondsMax) return "too old";
        var given = signatures.Split(' ').Where(one => one.StartsWith("v1,", StringComparison.Ordinal)).Select(one => one[3..]).ToList();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. body];
        foreach (var secret in secrets)
        {
            var expected = HMACSHA256.HashData(secret, signed);
            foreach (var one in given)
            {
                var bytes = new byte[expected.Length];
                if (Convert.TryFromBase64String(one, bytes, out var length) && length == bytes.Length && CryptographicOperations.FixedTimeEquals(bytes, expected))
                    return null;
            }
        }

        return "wrong signature";
    }
}
