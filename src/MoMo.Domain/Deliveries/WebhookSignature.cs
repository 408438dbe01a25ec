using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// The <c>webhook-signature</c> of Standard Webhooks 1.0.0: HMAC-SHA256 over <c>id.timestamp.body</c>, as <c>v1,</c> and base64,
/// one for each secret that is live, separated by spaces, so that a receiver may know either during a rotation.
/// </summary>
public static class WebhookSignature
{
    /// <summary>Secrets that may sign one message.</summary>
    public const int SecretsMax = 4;

    private const string Version = "v1,";
    private const int Base64Length = 44;
    private const int GuidLength = 36;
    private const int TimestampLengthMax = 20;
    private const int IdLengthMax = 256;
    private const int StackMax = 1_024;

    /// <summary>Signs a delivery: the id is written in lower case with hyphens (format "D").</summary>
    /// <param name="id">The <c>webhook-id</c>.</param>
    /// <param name="timestamp">The <c>webhook-timestamp</c>, seconds since 1970 UTC.</param>
    /// <param name="body">The bytes as they are sent.</param>
    /// <param name="secrets">From 1 to 4 raw keys; the signatures come in their order.</param>
    /// <exception cref="ArgumentOutOfRangeException">No secret, or more than four.</exception>
    public static string Sign(Guid id, long timestamp, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> secrets)
    {
        Span<byte> utf8 = stackalloc byte[GuidLength];
        id.TryFormat(utf8, out _, "D");
        return Sign(utf8, timestamp, body, secrets);
    }

    /// <inheritdoc cref="Sign(Guid, long, ReadOnlySpan{byte}, IReadOnlyList{byte[]})"/>
    /// <param name="id">The <c>webhook-id</c>, at most 256 bytes as UTF-8.</param>
    /// <param name="timestamp">The <c>webhook-timestamp</c>, seconds since 1970 UTC.</param>
    /// <param name="body">The bytes as they are sent.</param>
    /// <param name="secrets">From 1 to 4 raw keys; the signatures come in their order.</param>
    /// <exception cref="ArgumentException">The id is too long.</exception>
    public static string Sign(ReadOnlySpan<char> id, long timestamp, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> secrets)
    {
        Span<byte> utf8 = stackalloc byte[IdLengthMax];
        if (!Encoding.UTF8.TryGetBytes(id, utf8, out var length))
            throw new ArgumentException($"A webhook id has at most {IdLengthMax} bytes.", nameof(id));
        return Sign(utf8[..length], timestamp, body, secrets);
    }

    /// <summary>What is signed: <c>id.timestamp.body</c>, for signatures of another kind.</summary>
    public static byte[] Content(Guid id, long timestamp, ReadOnlySpan<byte> body)
    {
        Span<byte> utf8 = stackalloc byte[GuidLength];
        id.TryFormat(utf8, out _, "D");
        var content = new byte[GuidLength + TimestampLengthMax + 2 + body.Length];
        return content[..Join(utf8, timestamp, body, content)];
    }

    private static string Sign(ReadOnlySpan<byte> id, long timestamp, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentOutOfRangeException.ThrowIfZero(secrets.Count, nameof(secrets));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secrets.Count, SecretsMax, nameof(secrets));

        // One copy of the body buys the one-shot HMAC, which needs no native handle of its own: cheaper than an incremental one.
        var lengthMax = id.Length + TimestampLengthMax + 2 + body.Length;
        var rented = lengthMax > StackMax ? ArrayPool<byte>.Shared.Rent(lengthMax) : null;
        var content = rented is null ? stackalloc byte[StackMax] : rented;
        try
        {
            return Seal(content[..Join(id, timestamp, body, content)], secrets);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Join(ReadOnlySpan<byte> id, long timestamp, ReadOnlySpan<byte> body, Span<byte> content)
    {
        id.CopyTo(content);
        var length = id.Length;
        content[length++] = (byte)'.';
        timestamp.TryFormat(content[length..], out var digits, provider: CultureInfo.InvariantCulture);
        length += digits;
        content[length++] = (byte)'.';
        body.CopyTo(content[length..]);
        return length + body.Length;
    }

    private static string Seal(ReadOnlySpan<byte> content, IReadOnlyList<byte[]> secrets)
    {
        Span<char> text = stackalloc char[SecretsMax * (Version.Length + Base64Length + 1)];
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var length = 0;
        for (var i = 0; i < secrets.Count; i++)
        {
            if (i > 0) text[length++] = ' ';
            Version.CopyTo(text[length..]);
            length += Version.Length;
            HMACSHA256.HashData(secrets[i], content, mac);
            Convert.TryToBase64Chars(mac, text[length..], out var written);
            length += written;
        }

        return new string(text[..length]);
    }
}
