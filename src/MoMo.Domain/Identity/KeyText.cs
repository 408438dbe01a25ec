using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MoMo.Domain.Identity;

/// <summary>
/// How a key is written: <c>momo_&lt;id&gt;_&lt;secret&gt;</c>. The id (12 of a-z and 2-7) is public; of the secret (32 random bytes, base64url)
/// only the SHA-256 is kept. It has 256 bits of chance, so a slow hash would protect nothing more.
/// </summary>
public static class KeyText
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    private const string Prefix = "momo_";
    private const string Letters = "abcdefghijklmnopqrstuvwxyz234567";
    private static readonly SearchValues<char> IdLetters = SearchValues.Create(Letters);
    private const int IdLength = 12;
    private const int SecretLength = 32;
    private const int SecretChars = 43;
    private const int Length = 5 + IdLength + 1 + SecretChars;

    /// <summary>Makes a key from the system's own chance.</summary>
    /// <returns>Its id, the whole key to show once, and the hash to keep.</returns>
    public static (string Id, string Text, byte[] Hash) Make()
    {
        var id = RandomNumberGenerator.GetString(Letters, IdLength);
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        return (id, $"{Prefix}{id}_{Base64Url.EncodeToString(secret)}", SHA256.HashData(secret));
    }

    /// <summary>Reads a key; allocates nothing but the id.</summary>
    /// <param name="text">As the caller sent it.</param>
    /// <param name="id">The public part.</param>
    /// <param name="hash">At least <see cref="HashLength"/> bytes; gets the SHA-256 of the secret part.</param>
    /// <returns>False when it is not written like a key.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? id, Span<byte> hash)
    {
        id = null;
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_') return false;
        var name = text.Slice(Prefix.Length, IdLength);
        if (name.ContainsAnyExcept(IdLetters)) return false;
        Span<byte> secret = stackalloc byte[SecretLength];
        if (!Base64Url.IsValid(text[^SecretChars..], out var length) || length != SecretLength) return false;
        if (!Base64Url.TryDecodeFromChars(text[^SecretChars..], secret, out var read) || read != SecretLength) return false;
        SHA256.HashData(secret, hash);
        id = new string(name);
        return true;
    }
}
