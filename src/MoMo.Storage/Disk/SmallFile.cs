using System.Text;

namespace MoMo.Storage.Disk;

/// <summary>Writes small files whole or not at all, durably.</summary>
public static class SmallFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>
    /// Writes a file that only its owner may read (mode 0600), over an earlier one. Readers see the old or the new content.
    /// </summary>
    /// <param name="path">The folder must exist.</param>
    /// <param name="content">UTF-8 is written, without a byte order mark.</param>
    public static void WriteSecret(string path, string content) => Place(path, content, OwnerOnly, overwrite: true);

    /// <summary>Like <see cref="WriteSecret"/>, unless the file exists: then nothing is changed, whoever was faster.</summary>
    /// <returns>Whether this call made the file.</returns>
    public static bool TryCreateSecret(string path, string content)
    {
        if (File.Exists(path)) return false;
        try
        {
            Place(path, content, OwnerOnly, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>Writes a file that every user of the machine may read (mode 0644).</summary>
    internal static void WritePublic(string path, string content) => Place(path, content, Everyone, overwrite: true);

    private static void Place(string path, string content, UnixFileMode mode, bool overwrite)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        var draft = Path.Combine(folder, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
        try
        {
            // The mode is given when the file is made: there is no moment in which another user could open it.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
            using (var file = new FileStream(draft, options))
            {
                file.Write(Encoding.UTF8.GetBytes(content));
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, mode);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, full, overwrite);
            Posix.SyncFolder(folder);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
