namespace MoMo.Edge.Channels.Folder;

/// <summary>A folder of files, here or on a server. Names have no slashes; the folders to move to are names, below it, or paths of the server.</summary>
internal interface IFolder : IAsyncDisposable
{
    /// <summary>The regular files in it; at most <see cref="FolderChannel.EntriesMax"/>.</summary>
    Task<IReadOnlyList<FolderEntry>> ListAsync(CancellationToken cancellation);

    /// <summary>What has a name now, told as the list tells it; null when no regular file has it.</summary>
    Task<FolderEntry?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>A file's bytes.</summary>
    Task<Stream> OpenAsync(string name, CancellationToken cancellation);

    /// <summary>Moves a file into another folder, which is made when it is missing.</summary>
    /// <returns>False when there is no such file any more.</returns>
    Task<bool> MoveAsync(string name, string folder, string newName, CancellationToken cancellation);

    /// <summary>Writes a small file into another folder, which is there.</summary>
    Task WriteAsync(string folder, string name, byte[] bytes, CancellationToken cancellation);

    /// <summary>Deletes a file, if it is there.</summary>
    Task DeleteAsync(string name, CancellationToken cancellation);
}
