namespace MoMo.Edge.Drops;

/// <summary>
/// Who may read what is written where the hub runs. Payments are personal data: the hub's own outbox is closed to all but its owner and its group. In
/// a folder of the operator's that folder decides: what is made in it may be read by whom it may be read by.
/// </summary>
/// <param name="root">The allowed folder that files go below.</param>
/// <param name="isOwn">It is the hub's own outbox.</param>
/// <param name="sync">Puts the names in a folder on the disk; <see cref="HeldFolder.Sync(string)"/> outside of tests.</param>
internal sealed class DropModes(string root, bool isOwn, Action<string>? sync = null)
{
    private readonly Action<string> sync = sync ?? HeldFolder.Sync;

    /// <summary>Of an allowed folder that is missing.</summary>
    private const UnixFileMode Closed = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Whoever may write in a folder may take files away; nobody needs to change them.</summary>
    private const UnixFileMode ForFiles = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Anybody's folders are not for payments, even in a place where anybody may write.</summary>
    private const UnixFileMode ForFolders =
        UnixFileMode.SetGroup | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder and all that is missing above it, and has their names on the disk: a file that is there is none if its folder is gone.</summary>
    /// <returns>The mode of files in it; null where there are none.</returns>
    public UnixFileMode? Prepare(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return null;
        }

        if (isOwn) Close();
        var mode = Make(folder);
        return UnixFileMode.UserRead | UnixFileMode.UserWrite | (mode & ForFiles & (isOwn ? ~Others : ~UnixFileMode.None));
    }

    /// <summary>Closes an outbox that was made open, and with it all that is below.</summary>
    private void Close()
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(root)) return;
        var found = File.GetUnixFileMode(root);
        if ((found & Others) != 0) File.SetUnixFileMode(root, found & ~Others);
    }

    private UnixFileMode Make(string folder)
    {
        if (OperatingSystem.IsWindows()) return UnixFileMode.None; // known to the caller, not to the compiler
        if (Directory.Exists(folder)) return File.GetUnixFileMode(folder);
        var mode = Closed;
        if (folder == root) Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        else mode = Owner | (Make(Path.GetDirectoryName(folder)!) & ForFolders & (isOwn ? ~Others : ~UnixFileMode.None));
        Directory.CreateDirectory(folder, mode);
        using var made = HeldFolder.Find(root, folder);
        // The process's mask may have taken bits away. What is right already is left alone: a change could lose the bit that hands the group down. And
        // nothing is changed of what a link leads to that somebody laid in its place.
        if (made is not null && File.GetUnixFileMode(made.Path) != mode) File.SetUnixFileMode(made.Path, mode);
        sync(Path.GetDirectoryName(folder)!);
        return mode;
    }
}
