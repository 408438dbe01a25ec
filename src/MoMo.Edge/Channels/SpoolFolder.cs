namespace MoMo.Edge.Channels;

/// <summary>
/// A temporary folder that only the hub's user may look into; gone with all that is in it when it is disposed of. A file in it is locked for as long as it
/// is in use, so that what a silo left behind which was killed can be told from what another one needs.
/// </summary>
internal sealed class SpoolFolder : IDisposable
{
    private const string Prefix = "momo-channel-", LockName = "lock";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory(Prefix);
    private readonly FileStream held;

    public SpoolFolder() => held = Hold(folder.FullName, FileMode.CreateNew);

    public string Path => folder.FullName;

    public void Dispose()
    {
        held.Dispose();
        try
        {
            folder.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A silo that started just now was faster.
        }
    }

    /// <summary>Deletes those that belong to nobody any more: their silo was killed, and they hold its secrets.</summary>
    /// <param name="place">Where they are.</param>
    public static void Sweep(string place)
    {
        place = System.IO.Path.TrimEndingDirectorySeparator(place);
        if (!Directory.Exists(place)) return;
        foreach (var left in Directory.GetDirectories(place, $"{Prefix}*", Readable))
        {
            try
            {
                SweepOne(place, left);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is in use, or another user's, or gone by now. Without a lock in it, it is of an earlier version, or has nothing in it yet.
            }
        }
    }

    private static void SweepOne(string place, string left)
    {
        // Anybody may write in a temporary folder: what is a link, or may be looked into by others, is none of ours.
        using var found = HeldFolder.Find(place, left);
        if (found is null || (!OperatingSystem.IsWindows() && File.GetUnixFileMode(found.Path) != Private)) return;
        using (Hold(found.Path, FileMode.Open))
        {
            foreach (var file in Directory.GetFiles(found.Path).Where(file => System.IO.Path.GetFileName(file) != LockName)) File.Delete(file);
        }

        File.Delete(System.IO.Path.Combine(found.Path, LockName));
        Directory.Delete(left);
    }

    /// <exception cref="IOException">Somebody else holds it.</exception>
    private static FileStream Hold(string folder, FileMode mode) =>
        new(System.IO.Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);
}
