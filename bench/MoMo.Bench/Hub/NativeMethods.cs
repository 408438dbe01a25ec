using System.Runtime.InteropServices;

namespace MoMo.Bench.Hub;

/// <summary>Functions of the C library, under their own names.</summary>
internal static class NativeMethods
{
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", SetLastError = true)]
    public static extern int kill(int pid, int signal);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", SetLastError = true)]
    public static extern int epoll_create1(int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", SetLastError = true)]
    public static extern int epoll_ctl(int epoll, int operation, int handle, [In] byte[]? happening);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", SetLastError = true)]
    public static extern int epoll_wait(int epoll, [Out] byte[] happenings, int max, int milliseconds);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", SetLastError = true)]
    public static extern int close(int handle);
}
