namespace MoMo.Edge.Channels.Folder;

/// <summary>A file in a folder.</summary>
/// <param name="Name">Without a path.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ChangedAt">As precise as the server tells; null when it does not.</param>
internal sealed record FolderEntry(string Name, long Size, DateTimeOffset? ChangedAt);
