namespace MoMo.Storage.Disk;

/// <summary>The folder a silo keeps its own files in: keys, and the private database if it has one.</summary>
public static class DataFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes the folder if it is missing, closed to other users. Under root others may pass through it, not look around in it, because
    /// the database server runs as another user below it. A folder that exists keeps its mode.
    /// </summary>
    /// <returns>The full path.</returns>
    public static string Ensure(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        Make(path, Posix.IsRoot ? Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Owner);
        return path;
    }

    /// <summary>Makes a folder with exactly this mode, or leaves the one that exists.</summary>
    internal static void Make(string path, UnixFileMode mode)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (Path.GetDirectoryName(path) is { } parent) Directory.CreateDirectory(parent);
        Directory.CreateDirectory(path, mode);
        File.SetUnixFileMode(path, mode); // The process's mask may have taken bits away.
    }
}
