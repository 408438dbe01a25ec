using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MoMo.Edge.Webhooks;

/// <summary>
/// Ed25519 (RFC 8032). .NET 10 has none of its own, so it is asked of OpenSSL 3, which .NET's other signatures come from on Linux, too. Where there
/// is none, destinations can only sign with HMAC.
/// </summary>
public static class Ed25519
{
    private const int Type = 1_087; // NID_ED25519
    private const int PublicLength = 32;
    private const int SignatureLength = 64;

    private static readonly Lazy<bool> Available = new(() => NativeLibrary.TryLoad(OpenSsl.Library, out _));

    /// <summary>Whether this machine can sign with it.</summary>
    public static bool IsAvailable => Available.Value;

    /// <summary>The public half of a pair.</summary>
    /// <param name="seed">The private half, 32 bytes.</param>
    /// <exception cref="CryptographicException">OpenSSL refused.</exception>
    public static byte[] PublicKey(byte[] seed)
    {
        var key = Open(seed);
        try
        {
            var made = new byte[PublicLength];
            nuint length = PublicLength;
            Check(OpenSsl.EVP_PKEY_get_raw_public_key(key, made, ref length));
            return made;
        }
        finally
        {
            OpenSsl.EVP_PKEY_free(key);
        }
    }

    /// <summary>Signs.</summary>
    /// <param name="seed">The private half, 32 bytes.</param>
    /// <param name="content">What is signed.</param>
    /// <returns>64 bytes.</returns>
    /// <exception cref="CryptographicException">OpenSSL refused.</exception>
    public static byte[] Sign(byte[] seed, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var key = Open(seed);
        var context = OpenSsl.EVP_MD_CTX_new();
        try
        {
            Check(OpenSsl.EVP_DigestSignInit(context, 0, 0, 0, key));
            var signature = new byte[SignatureLength];
            nuint length = SignatureLength;
            Check(OpenSsl.EVP_DigestSign(context, signature, ref length, content, (nuint)content.Length));
            return signature;
        }
        finally
        {
            OpenSsl.EVP_MD_CTX_free(context);
            OpenSsl.EVP_PKEY_free(key);
        }
    }

    private static nint Open(byte[] seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        var key = OpenSsl.EVP_PKEY_new_raw_private_key(Type, 0, seed, (nuint)seed.Length);
        return key == 0 ? throw new CryptographicException("OpenSSL does not take the ed25519 key.") : key;
    }

    private static void Check(int result)
    {
        if (result != 1) throw new CryptographicException("OpenSSL can't sign with ed25519.");
    }
}
