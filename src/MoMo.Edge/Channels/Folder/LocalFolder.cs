using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Folder;

/// <summary>A folder of this machine, or one that is mounted here.</summary>
internal sealed class LocalFolder(string path) : IFolder
{
    public Task<IReadOnlyList<FolderEntry>> ListAsync(CancellationToken cancellation) => Task.FromResult(Guarded<IReadOnlyList<FolderEntry>>(() =>
    [
        // A link could lead anywhere; only what lies here is taken.
        .. new DirectoryInfo(path).EnumerateFiles("*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Directory | FileAttributes.Device })
            .Take(FolderChannel.EntriesMax)
            .Select(file => new FolderEntry(file.Name, file.Length, file.LastWriteTimeUtc)),
    ]));

    public Task<FolderEntry?> FindAsync(string name, CancellationToken cancellation) => Task.FromResult(Guarded(() =>
        new FileInfo(Of(name)) is { Exists: true, LinkTarget: null } file ? new FolderEntry(file.Name, file.Length, file.LastWriteTimeUtc) : null));

    public Task<Stream> OpenAsync(string name, CancellationToken cancellation)
    {
        try
        {
            if (new FileInfo(Of(name)) is not { Exists: true, LinkTarget: null }) throw new ChannelItemException("It is gone.", isFinal: false);
            // Whoever writes it still, or takes it away, is not kept from it.
            var gently = new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous };
            return Task.FromResult<Stream>(new FileStream(Of(name), gently));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not ChannelItemException)
        {
            throw new ChannelItemException($"It can't be opened: {Why(e)}.", isFinal: false, e);
        }
    }

    public Task<bool> MoveAsync(string name, string folder, string newName, CancellationToken cancellation) => Task.FromResult(Guarded(() =>
    {
        Directory.CreateDirectory(Of(folder));
        if (!File.Exists(Of(name))) return false;
        File.Move(Of(name), Path.Combine(Of(folder), newName));
        return true;
    }));

    public Task WriteAsync(string folder, string name, byte[] bytes, CancellationToken cancellation) => Task.FromResult(Guarded(() =>
    {
        // Whoever sees it sees all of it.
        var path = Path.Combine(Of(folder), name);
        File.WriteAllBytes(path + ".part", bytes);
        File.Move(path + ".part", path, overwrite: true);
        return true;
    }));

    public Task DeleteAsync(string name, CancellationToken cancellation) => Task.FromResult(Guarded(() =>
    {
        File.Delete(Of(name));
        return true;
    }));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string Of(string name) => Path.Combine(path, name);

    private static T Guarded<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChannelException($"The folder can't be used: {Why(e)}.", e);
        }
    }

    private static string Why(Exception e) => e switch
    {
        UnauthorizedAccessException => "the hub's user may not read or change it",
        DirectoryNotFoundException => "it does not exist",
        FileNotFoundException => "it does not exist",
        _ => e.Message.TrimEnd('.'),
    };
}
