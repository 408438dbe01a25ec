namespace MoMo.Edge.Drops;

/// <summary>
/// Puts files into a folder where the hub runs: whole, on the disk, and under their names at once. Others may write in the folder and above it: no link
/// that they lay leads a file elsewhere.
/// </summary>
internal static class LocalDrop
{
    /// <param name="root">The allowed folder, which nobody else may move.</param>
    /// <param name="folder">That one or below; made when it is missing.</param>
    /// <param name="modes">Who may read what is made.</param>
    /// <param name="name">The file's name; a file that has it is replaced.</param>
    /// <param name="part">The name that it has until all of it is there. What has it is deleted.</param>
    /// <param name="content">All of it.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>False when the folder is below a link, and may lead anywhere: nothing was written.</returns>
    public static bool Put(
        string root, string folder, DropModes modes, string name, string part, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (HasLink(root, folder)) return false;
        var mode = modes.Prepare(folder);
        // A link may have been laid since, and another may be at any time: what is held open stays the folder that was looked at.
        using var place = HeldFolder.Find(root, folder);
        if (place is null) return false;
        var (half, whole) = (Path.Combine(place.Path, part), Path.Combine(place.Path, name));
        File.Delete(half);
        // A new one: what would be opened could be a link to anything that the hub may write to.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        try
        {
            using (var file = new FileStream(half, options))
            {
                // The process's mask may have taken bits away.
                if (mode is { } exact && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, exact);
                file.Write(content.Span);
                file.Flush(flushToDisk: true);
            }

            cancellation.ThrowIfCancellationRequested(); // whoever waited for it has told of a failure
            File.Move(half, whole, overwrite: true);
        }
        catch
        {
            File.Delete(half); // a disk that is full must not get fuller with each attempt
            throw;
        }

        place.Sync();
        return true;
    }

    private static bool HasLink(string root, string folder)
    {
        for (var part = folder; part != root; part = Path.GetDirectoryName(part)!)
            if (new DirectoryInfo(part).LinkTarget is not null) return true;
        return false;
    }
}
