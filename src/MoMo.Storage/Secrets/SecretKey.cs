namespace MoMo.Storage.Secrets;

/// <summary>One key for AES-256-GCM and the id that sealed texts name it by.</summary>
internal sealed class SecretKey
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Length = 32;

    private const int IdMax = 32;

    private SecretKey(string id, byte[] bytes) => (Id, Bytes) = (id, bytes);

    /// <summary>From 1 to 32 letters of a–z, digits and hyphens.</summary>
    public string Id { get; }

    public byte[] Bytes { get; }

    /// <summary>Reads an id and a key in base64.</summary>
    /// <param name="id">As written by the operator.</param>
    /// <param name="text">The key.</param>
    /// <param name="source">Where it was written, for the message.</param>
    /// <exception cref="SecretException">The id or the key is malformed.</exception>
    public static SecretKey Parse(string id, string text, string source)
    {
        if (id.Length is 0 or > IdMax || id.Any(letter => letter is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
            throw new SecretException($"{source}: a key's id is 1 to {IdMax} of a-z, 0-9 and '-'.");
        var bytes = new byte[Length];
        if (!Convert.TryFromBase64String(text, bytes, out var written) || written != Length)
            throw new SecretException($"{source}: key '{id}' must be {Length} bytes in base64.");
        return new SecretKey(id, bytes);
    }
}
