using MoMo.Storage.Management;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Hosting;

/// <summary>
/// The administrator's first key: made once, kept as <c>admin.key</c> (mode 0600) in the data folder, so that the CLI on the same machine needs
/// nothing. There is no default password anywhere.
/// </summary>
/// <param name="Text">The key, when it was made just now or its file is there.</param>
/// <param name="Where">For people: where it is.</param>
internal sealed record FirstKey(string? Text, string Where)
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "admin.key";

    public static async Task<FirstKey> EnsureAsync(KeyStore keys, string dataFolder, CancellationToken cancellation = default)
    {
        var path = Path.Combine(dataFolder, FileName);
        // The file is written before the commit: no key is ever made that nobody knows.
        var made = await keys.CreateFirstAdminAsync("administrator", text => SmallFile.WriteSecret(path, text + "\n"), cancellation);
        if (made.Accepted?.Text is { } text) return new FirstKey(text, $"kept in {path}");
        return File.Exists(path)
            ? new FirstKey((await File.ReadAllTextAsync(path, cancellation)).Trim(), $"from {path}")
            : new FirstKey(null, "whoever has it can make another with ./momo keys add");
    }
}
