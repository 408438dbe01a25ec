using System.Runtime.InteropServices;

namespace MoMo.Edge.Drops;

/// <summary>Puts files into a folder where the hub runs: whole, on the disk, and under their names at once.</summary>
internal static class LocalDrop
{
    /// <param name="folder">Made when it is missing.</param>
    /// <param name="modes">Who may read what is made.</param>
    /// <param name="name">The file's name; a file that has it is replaced.</param>
    /// <param name="part">The name that it has until all of it is there.</param>
    /// <param name="content">All of it.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task PutAsync(string folder, DropModes modes, string name, string part, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var mode = modes.Prepare(folder);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        try
        {
            await using (var file = new FileStream(Path.Combine(folder, part), options))
            {
                // The process's mask may have taken bits away, and one that a crash left behind has those that it had.
                if (mode is { } exact && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, exact);
                await file.WriteAsync(content, cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(Path.Combine(folder, part), Path.Combine(folder, name), overwrite: true);
        }
        catch
        {
            File.Delete(Path.Combine(folder, part)); // a disk that is full must not get fuller with each attempt
            throw;
        }

        Sync(folder);
    }

    /// <summary>A name is on the disk when its folder is.</summary>
    private static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows()) return; // there a name is written with its file
        var handle = open(folder, 0);
        if (handle < 0) throw new IOException($"The folder can't be synced (error {Marshal.GetLastPInvokeError()}).");
        var (failed, error) = (fsync(handle) != 0, Marshal.GetLastPInvokeError());
        _ = close(handle);
        if (failed) throw new IOException($"The folder can't be synced (error {error}).");
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int handle);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc")]
    private static extern int close(int handle);
}
