using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MoMo.Edge;

/// <summary>
/// A folder that is held open. On Linux <see cref="Path"/> leads to that one folder whatever is put in its place meanwhile, and it is known where it lies;
/// elsewhere it is no more than the path that was given.
/// </summary>
internal sealed class HeldFolder : IDisposable
{
    /// <summary>A program that is started just then does not get it. The same number on all processors that .NET knows.</summary>
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens a folder only to say where it is: that needs no right to read it.</summary>
    private const int PathOnly = 0x200000;

    private const int AccessDenied = 13;

    private readonly SafeFileHandle? handle;

    private HeldFolder(string path, bool isOnlyFound = false)
    {
        Path = Real = path;
        if (OperatingSystem.IsWindows()) return;
        // The dot lets nothing but a folder be opened: a pipe would be waited for.
        handle = open($"{path}/.", OperatingSystem.IsLinux() ? CloseOnExec | (isOnlyFound ? PathOnly : 0) : 0);
        if (handle.IsInvalid && Marshal.GetLastPInvokeError() == AccessDenied) throw new UnauthorizedAccessException("The folder may not be read.");
        if (handle.IsInvalid) throw new IOException($"The folder can't be opened (error {Marshal.GetLastPInvokeError()}).");
        if (!OperatingSystem.IsLinux()) return;
        Path = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        Real = new FileInfo(Path).LinkTarget ?? "";
    }

    /// <summary>Leads to it.</summary>
    public string Path { get; }

    /// <summary>Where it lies, without any link.</summary>
    private string Real { get; }

    /// <summary>Opens a folder that lies below another, or is that one.</summary>
    /// <param name="root">May be a link, or below one.</param>
    /// <param name="path">A full path that begins with <paramref name="root"/>.</param>
    /// <returns>Null when there is a link between the two.</returns>
    /// <exception cref="IOException">It is missing, or is no folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static HeldFolder? Find(string root, string path)
    {
        using var top = new HeldFolder(root, isOnlyFound: true);
        var found = new HeldFolder(path);
        if (found.Real == System.IO.Path.Join(top.Real, path[root.Length..])) return found;
        found.Dispose();
        return null;
    }

    /// <summary>The names in a folder are on the disk when this returns.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public static void Sync(string path)
    {
        using var folder = new HeldFolder(path);
        folder.Sync();
    }

    /// <inheritdoc cref="Sync(string)"/>
    public void Sync()
    {
        // On Windows a name is written with its file.
        if (handle is not null && fsync(handle) != 0) throw new IOException($"The folder can't be synced (error {Marshal.GetLastPInvokeError()}).");
    }

    public void Dispose() => handle?.Dispose();

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern SafeFileHandle open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(SafeFileHandle handle);
}
