using System.Security.Cryptography;
using System.Text;

namespace MoMo.Cli.Simulation;

/// <summary>How PSPs sign: over text in UTF-8, with a secret in UTF-8.</summary>
internal static class Signing
{
    /// <summary>HMAC-SHA256 in small hex digits.</summary>
    public static string Hex256(string secret, string text) => Convert.ToHexStringLower(Hmac256(secret, text));

    /// <summary>HMAC-SHA512 in small hex digits.</summary>
    public static string Hex512(string secret, string text) =>
        Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    /// <summary>HMAC-SHA256 in base64.</summary>
    public static string Base64(string secret, string text) => Convert.ToBase64String(Hmac256(secret, text));

    /// <summary>A secret that nobody knows.</summary>
    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private static byte[] Hmac256(string secret, string text) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
}
