using MoMo.Domain.Identity;
using MoMo.Engine;
using MoMo.Storage.Disk;

namespace MoMo.Storage.Management;

/// <summary>
/// The first administrator: a key that the hub makes for itself when there is none, and leaves in its data folder for whoever runs it.
/// </summary>
public sealed class AdminKey(KeyStore keys)
{
    /// <summary>The file in the data folder; mode 0600, the key and a line end.</summary>
    public const string FileName = "admin.key";

    private const string Name = "first administrator";

    /// <summary>
    /// Makes the first administrator's key, if there is no administrator yet, and writes it to the file. Otherwise, if the file is there, its key must
    /// be a valid administrator's. The file may be deleted once the key is kept elsewhere.
    /// </summary>
    /// <param name="dataFolder">The silo's own folder; it must exist.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The file's key; <c>admin-key-absent</c> when there is an administrator but no file; <c>admin-key-stale</c> when the file's key is not valid.</returns>
    public async Task<Outcome<string>> EnsureAsync(string dataFolder, CancellationToken cancellation)
    {
        var path = Path.Combine(dataFolder, FileName);
        var made = await keys.CreateFirstAdminAsync(Name, text => SmallFile.WriteSecret(path, text + "\n"), cancellation);
        if (made.Accepted?.Text is { } text) return text;
        if (!File.Exists(path)) return new Refusal("admin-key-absent", $"There is an administrator already, and no key in {path}.");

        var kept = (await File.ReadAllTextAsync(path, cancellation)).Trim();
        return await IsAdminAsync(kept, cancellation)
            ? kept
            : new Refusal("admin-key-stale", $"The key in {path} is no administrator's key of this database. Delete the file if it is out of use; else check which database this silo uses.");
    }

    private async Task<bool> IsAdminAsync(string text, CancellationToken cancellation)
    {
        var hash = new byte[KeyText.HashLength];
        return KeyText.TryRead(text, out var id, hash)
            && await keys.FindAsync(id, cancellation) is { } row
            && row.Scopes.Contains(Scope.Admin.ToString())
            && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(row.Hash.Span, hash);
    }
}
