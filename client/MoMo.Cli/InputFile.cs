namespace MoMo.Cli;

/// <summary>A file that is sent to the hub, or the standard input.</summary>
internal static class InputFile
{
    /// <summary>What stands for the standard input.</summary>
    private const string Standard = "-";

    /// <summary>Opens it to be read from its beginning to its end; a pipe can't be measured.</summary>
    /// <exception cref="Complaint">There is no such file.</exception>
    public static Stream Open(Call call, string path)
    {
        if (path == Standard) return call.Terminal.RawIn();
        if (Directory.Exists(path)) throw new Complaint($"{path} is a folder", "Give one of the files in it.", ExitCode.Misused);
        if (!File.Exists(path)) throw new Complaint($"there is no file {path}", "Check the path.", ExitCode.Misused);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65_536, useAsync: true);
    }

    /// <summary>Its name without its folder; null when it has none.</summary>
    public static string? Name(string path) => path == Standard ? null : Path.GetFileName(path);
}
