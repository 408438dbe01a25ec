namespace MoMo.Storage.Cluster;

/// <summary>
/// A lock between processes, held on a file (flock). The system gives it back when a process ends, however it ends,
/// so a killed silo leaves no lock behind.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(50);

    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock alone, waiting for whoever has it.</summary>
    /// <returns>The lock, or null when it was not free in time.</returns>
    public static async Task<FolderLock?> TakeAsync(string path, TimeSpan waitMax, TimeProvider clock, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (TryTake(path) is { } taken) return taken;
            if (clock.GetElapsedTime(began) > waitMax) return null;
            await Task.Delay(AskEvery, clock, cancellation);
        }
    }

    /// <summary>Takes the lock alone if nobody has it or shares it.</summary>
    public static FolderLock? TryTake(string path) => Open(path, FileShare.None);

    /// <summary>Shares the lock with others who share it; null while somebody has it alone.</summary>
    public static FolderLock? TryShare(string path) => Open(path, FileShare.ReadWrite);

    public void Dispose() => file.Dispose();

    private static FolderLock? Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FolderLock(new FileStream(path, options));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }
}
