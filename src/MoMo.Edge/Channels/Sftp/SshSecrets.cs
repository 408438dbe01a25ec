namespace MoMo.Edge.Channels.Sftp;

/// <summary>Secrets as OpenSSH's programs take them: in files of a folder that only the hub's user may look into, never as arguments.</summary>
internal static class SshSecrets
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a private key, and returns its file.</summary>
    public static string WriteKey(SpoolFolder folder, string key)
    {
        var file = Path.Combine(folder.Path, "key");
        Write(file, key.ReplaceLineEndings("\n").TrimEnd() + "\n", Private);
        return file;
    }

    /// <summary>Writes a program that answers the question for a password or passphrase, and has the programs ask it and nobody else.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="secret">The answer.</param>
    /// <param name="environment">Of the program that will ask.</param>
    public static void WriteAnswer(SpoolFolder folder, string secret, IDictionary<string, string?> environment)
    {
        Write(Path.Combine(folder.Path, "secret"), secret + "\n", Private);
        var askpass = Path.Combine(folder.Path, "askpass");
        Write(askpass, "#!/bin/sh\nexec cat \"${0%/*}/secret\"\n", Private | UnixFileMode.UserExecute);
        environment["SSH_ASKPASS"] = askpass;
        environment["SSH_ASKPASS_REQUIRE"] = "force";
    }

    private static void Write(string file, string text, UnixFileMode mode)
    {
        File.WriteAllText(file, text); // in a folder of the hub's user alone
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, mode);
    }
}
