using System.Security.Cryptography;
using System.Text;

namespace MoMo.Tests.Docs;

/// <summary>The C# of docs/WEBHOOKS.md, word for word.</summary>
internal static class WebhookVerification
{
    public static bool Verify(string secret, string id, string timestamp, string signatures, byte[] body)
    {
        if (!long.TryParse(timestamp, out var sent) || Math.Abs(Now.ToUnixTimeSeconds() - sent) > 300) return false;
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), content);
        foreach (var signature in signatures.Split(' '))
        {
            if (!signature.StartsWith("v1,", StringComparison.Ordinal)) continue;
            var given = new byte[expected.Length];
            if (Convert.TryFromBase64String(signature[3..], given, out _) && CryptographicOperations.FixedTimeEquals(given, expected)) return true;
        }

        return false;
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
