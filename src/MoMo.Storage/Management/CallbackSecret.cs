using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MoMo.Storage.Management;

/// <summary>
/// The secret part of <c>/v1/callbacks/{adapter}/{secret}</c>, for PSPs that can't sign. Only its SHA-256 is kept.
/// </summary>
public static class CallbackSecret
{
    private const int Length = 24;

    /// <summary>A new one.</summary>
    internal static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));

    /// <summary>What is kept of it: the SHA-256 of its text.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
