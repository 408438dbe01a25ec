using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MoMo.Tests.Docs;

/// <summary>The C# of docs/WEBHOOKS.md, word for word.</summary>
internal static class WebhookVerification
{
    public static bool Verify(string secret, string? id, string? timestamp, string? signatures, byte[] body)
    {
        if (string.IsNullOrEmpty(id) || id.Contains('.') || signatures is null) return false;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sent)) return false;
        if (Math.Abs(Now.ToUnixTimeSeconds() - sent) > 300) return false;
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), content);
        var expected = Encoding.UTF8.GetBytes($"v1,{Convert.ToBase64String(mac)}");
        return signatures.Split(' ').Any(one => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), expected));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
