using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MoMo.Storage.Disk;

/// <summary>The few calls of the operating system that the framework does not offer. For Linux and macOS.</summary>
internal static class Posix
{
    /// <summary>Ctrl+C; PostgreSQL's fast shutdown: clients are sent away, a checkpoint is written.</summary>
    public const int Interrupt = 2;

    /// <summary>PostgreSQL's immediate shutdown: the next start recovers from the log.</summary>
    public const int Quit = 3;

    /// <summary>The end without a word.</summary>
    public const int Kill = 9;

    private const int NotPermitted = 1; // EPERM

    public static bool IsRoot => !OperatingSystem.IsWindows() && NativeMethods.geteuid() == 0;

    /// <summary>Gives a file or folder to a user. Only root may.</summary>
    public static void GiveTo(string path, uint user, uint group)
    {
        if (NativeMethods.lchown(path, user, group) != 0) throw Failure($"'{path}' can't be given to user {user}");
    }

    /// <summary>Whether the system has a process of this number, in whatever state and whosever it is.</summary>
    public static bool Exists(int pid) => NativeMethods.kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() == NotPermitted;

    /// <summary>Sends a signal.</summary>
    /// <returns>Whether there was such a process.</returns>
    public static bool Signal(int pid, int signal) => NativeMethods.kill(pid, signal) == 0;

    /// <summary>Makes the names in a folder durable: a file that was renamed there is still there after a power cut.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = NativeMethods.open(folder, 0);
        if (handle < 0) throw Failure($"Folder '{folder}' can't be opened");
        try
        {
            if (NativeMethods.fsync(handle) != 0) throw Failure($"Folder '{folder}' can't be made durable");
        }
        finally
        {
            _ = NativeMethods.close(handle);
        }
    }

    private static IOException Failure(string what)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{what}: {cause.Message}.", cause);
    }
}
