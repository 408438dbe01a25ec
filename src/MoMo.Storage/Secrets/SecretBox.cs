using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MoMo.Storage.Secrets;

/// <summary>
/// Seals secrets for the database with AES-256-GCM (NIST SP 800-38D). The text form is <c>v1:key id:base64url(nonce, ciphertext, tag)</c>.
/// A secret is bound to its purpose, so a row copied to another place does not open there. Safe for several threads.
/// </summary>
/// <remarks>Nonces are random: by SP 800-38D section 8.3 one key may seal up to 2^32 secrets.</remarks>
public sealed class SecretBox(SecretKeys keys)
{
    /// <summary>Longest secret, in UTF-8 bytes.</summary>
    public const int SecretMax = 1_048_576;

    private const string Version = "v1";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Encrypts with the first key.</summary>
    /// <param name="purpose">What the secret is for, such as <c>destination:acme/main</c>. Needed again to open it.</param>
    /// <param name="secret">Up to <see cref="SecretMax"/> bytes.</param>
    /// <exception cref="ArgumentException">The secret is too long.</exception>
    public string Seal(string purpose, string secret) => SealWith(keys.First!, purpose, secret);

    /// <summary>Encrypts with one of the keys.</summary>
    /// <exception cref="ArgumentException">The secret is too long.</exception>
    internal static string SealWith(SecretKey key, string purpose, string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        if (plain.Length > SecretMax) throw new ArgumentException($"A secret has at most {SecretMax} bytes.", nameof(secret));

        var body = new byte[NonceLength + plain.Length + TagLength];
        var (nonce, cipher, tag) = Parts(body);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(key.Bytes, TagLength);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span, Encoding.UTF8.GetBytes(purpose));
        CryptographicOperations.ZeroMemory(plain);
        return $"{Version}:{key.Id}:{Base64Url.EncodeToString(body)}";
    }

    /// <summary>Decrypts what <see cref="Seal"/> made, with whichever key it names.</summary>
    /// <param name="purpose">The purpose it was sealed for.</param>
    /// <param name="text">The sealed text.</param>
    /// <exception cref="SecretException">The text is no sealed secret, its key is not known, it was changed, or its purpose is
    /// another.</exception>
    public string Open(string purpose, string text)
    {
        if (text.Split(':') is not [Version, var id, var encoded] || Decode(encoded) is not { } body)
            throw new SecretException(
                $"The secret for '{purpose}' is not in the form {Version}:key:text; it was changed or is not a sealed secret.");
        if (keys.Find(id) is not { } key)
            throw new SecretException(
                $"The secret for '{purpose}' is sealed with key '{id}', which is not among the keys: add it to {SecretKeys.FileName} " +
                "or MoMo:SecretKeys.");

        var (nonce, cipher, tag) = Parts(body);
        var plain = new byte[cipher.Length];
        try
        {
            using var aes = new AesGcm(key.Bytes, TagLength);
            aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain, Encoding.UTF8.GetBytes(purpose));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new SecretException(
                $"The secret for '{purpose}' does not open with key '{id}': it was changed, it was sealed for another purpose, or the " +
                "key is another one of that name.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Whether a sealed text should be sealed again because its key is no longer the first.</summary>
    public bool IsOld(string text) => !text.StartsWith($"{Version}:{keys.SealingId}:", StringComparison.Ordinal);

    private static (Memory<byte> Nonce, Memory<byte> Cipher, Memory<byte> Tag) Parts(byte[] body) =>
        (body.AsMemory(..NonceLength), body.AsMemory(NonceLength..^TagLength), body.AsMemory(^TagLength..));

    /// <summary>
    /// Only the one spelling that <see cref="Seal"/> writes is accepted: base64 has spare bits that could be changed unseen.
    /// </summary>
    private static byte[]? Decode(string encoded)
    {
        if (encoded.Length > Base64Url.GetEncodedLength(NonceLength + SecretMax + TagLength) || !Base64Url.IsValid(encoded)) return null;
        var body = Base64Url.DecodeFromChars(encoded);
        return body.Length >= NonceLength + TagLength && Base64Url.EncodeToString(body) == encoded ? body : null;
    }
}
