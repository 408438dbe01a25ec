using System.Security.Cryptography;
using MoMo.Storage.Disk;

namespace MoMo.Storage.Secrets;

/// <summary>
/// The keys secrets are sealed with. The first seals, all of them open, so a key is rotated by putting a new one first
/// and removing the old one when nothing is sealed with it any more.
/// </summary>
public sealed class SecretKeys
{
    /// <summary>Name of the setting that gives keys without a file.</summary>
    public const string Setting = "MoMo:SecretKeys";

    /// <summary>Name of the key file in the data folder.</summary>
    public const string FileName = "secrets.key";

    private const int CountMax = 64;

    private readonly Dictionary<string, SecretKey> byId = [];

    private SecretKeys(IEnumerable<SecretKey> keys, string source)
    {
        Source = source;
        foreach (var key in keys)
        {
            First ??= key;
            if (!byId.TryAdd(key.Id, key)) throw new SecretException($"{source}: key id '{key.Id}' is there twice.");
            if (byId.Count > CountMax) throw new SecretException($"{source}: more than {CountMax} keys.");
        }

        if (First is null) throw new SecretException($"{source}: there is no key.");
    }

    /// <summary>Ids of the keys that open.</summary>
    public IReadOnlyCollection<string> Ids => byId.Keys;

    /// <summary>Id of the key that seals.</summary>
    public string SealingId => First!.Id;

    /// <summary>Where they are, for people: the path of <c>secrets.key</c>, or <c>MoMo:SecretKeys</c>.</summary>
    public string Source { get; }

    internal SecretKey? First { get; }

    /// <summary>
    /// Takes the configured keys (<c>MoMo:SecretKeys</c>, each <c>id:base64</c>) if there are any, else those of the data folder's
    /// <c>secrets.key</c> (lines <c>id base64</c>, <c>#</c> begins a comment), which is made with one random key if it is missing.
    /// Silos that start together on one folder get the same key.
    /// </summary>
    /// <param name="folder">The data folder; made if missing.</param>
    /// <param name="configured">Configured keys; up to 64.</param>
    /// <exception cref="SecretException">A key is malformed or there twice.</exception>
    public static SecretKeys LoadOrCreate(string folder, IReadOnlyCollection<string>? configured = null)
    {
        if (configured is { Count: > 0 }) return FromConfiguration(configured);

        var path = Path.Combine(DataFolder.Ensure(folder), FileName);
        if (!File.Exists(path)) SmallFile.TryCreateSecret(path, FirstFile());
        return new SecretKeys(File.ReadLines(path).Where(IsKey).Select(line => ReadLine(line, path)), path);
    }

    /// <summary>Reads keys written as <c>id:base64</c>.</summary>
    /// <exception cref="SecretException">A key is malformed or there twice, or there is none.</exception>
    public static SecretKeys FromConfiguration(IEnumerable<string> configured)
    {
        const string source = Setting;
        return new SecretKeys(configured.Select(text => text.Split(':', 2) is [var id, var key]
            ? SecretKey.Parse(id, key, source)
            : throw new SecretException($"{source}: each key is written id:base64.")), source);
    }

    internal SecretKey? Find(string id) => byId.GetValueOrDefault(id);

    private static string FirstFile() => $"""
        # Keys of the secrets in this hub's database: without them the secrets are lost. Keep a copy in a safe place.
        # The first key seals, all of them open.
        k1 {Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretKey.Length))}

        """;

    private static bool IsKey(string line) => !string.IsNullOrWhiteSpace(line) && line.TrimStart()[0] != '#';

    private static SecretKey ReadLine(string line, string path) =>
        line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var id, var key]
            ? SecretKey.Parse(id, key, path)
            : throw new SecretException($"{path}: each line is a key's id, a space and the key in base64.");
}
