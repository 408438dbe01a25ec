using MoMo.Tests.Channels;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Drops;

/// <summary>Keys made by OpenSSH's own program.</summary>
internal static class SshKeys
{
    private const string Maker = "/usr/bin/ssh-keygen";

    /// <summary>Why such keys can't be made here; null when they can.</summary>
    public static string? Missing => File.Exists(Maker) ? null : $"Needs {Maker}: install the package openssh-client.";

    /// <summary>A new private key.</summary>
    /// <param name="place">Where it may leave its files.</param>
    /// <param name="passphrase">What opens it; nothing by default.</param>
    /// <param name="form">PEM, PKCS8 or RFC4716, which is OpenSSH's own.</param>
    public static async Task<string> MakeAsync(TestFolder place, string passphrase = "", string form = "RFC4716")
    {
        var file = Path.Combine(place.Path, $"key{Directory.GetFiles(place.Path).Length}");
        await ServerProgram.RunAsync(Maker, "-q", "-t", "ecdsa", "-m", form, "-N", passphrase, "-f", file);
        return await File.ReadAllTextAsync(file);
    }

    /// <summary>The same key, which a passphrase opens from now on.</summary>
    public static async Task<string> ShutAsync(TestFolder place, string key, string passphrase)
    {
        var file = Path.Combine(place.Path, "shut");
        await File.WriteAllTextAsync(file, key);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ServerProgram.RunAsync(Maker, "-q", "-p", "-P", "", "-N", passphrase, "-f", file);
        return await File.ReadAllTextAsync(file);
    }
}
