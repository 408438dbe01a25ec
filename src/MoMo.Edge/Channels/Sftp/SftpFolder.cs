using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Folder;

namespace MoMo.Edge.Channels.Sftp;

/// <summary>A folder of an SFTP server.</summary>
internal sealed class SftpFolder(SftpClient client, string path) : IFolder
{
    private const uint EndOfFile = 1, NoSuchFile = 2, PermissionDenied = 3;
    private const uint FileKind = 0xF000, RegularFile = 0x8000;
    private const uint ForReading = 1, ForWriting = 2 | 8 | 16;
    private const int WriteMax = 32 * 1024;
    private const string RenameName = "posix-rename@openssh.com", SyncName = "fsync@openssh.com";
    private readonly HashSet<string> made = [];

    public async Task<IReadOnlyList<FolderEntry>> ListAsync(CancellationToken cancellation)
    {
        var opened = await client.AskAsync(SftpPacket.OpenFolder, request => request.Add(path), cancellation);
        if (opened.Type != SftpPacket.Handle) throw new ChannelException($"The folder '{path}' can't be listed: {Why(opened)}.");
        var handle = opened.ReadBlob().ToArray();
        List<FolderEntry> entries = [];
        while (entries.Count < FolderChannel.EntriesMax)
        {
            var page = await client.AskAsync(SftpPacket.ReadFolder, request => request.Add(handle), cancellation);
            if (page.Type != SftpPacket.Name) break;
            for (var left = page.ReadNumber(); left > 0; left--)
            {
                var name = page.ReadText();
                page.ReadBlob(); // the line that ls would show
                if (Read(name, page) is { } entry) entries.Add(entry);
            }
        }

        await CloseAsync(handle, cancellation);
        return entries;
    }

    public async Task<FolderEntry?> FindAsync(string name, CancellationToken cancellation)
    {
        var found = await client.AskAsync(SftpPacket.LinkStatus, request => request.Add(Of(name)), cancellation);
        return found.Type == SftpPacket.Attributes ? Read(name, found) : null;
    }

    public async Task<Stream> OpenAsync(string name, CancellationToken cancellation) =>
        new SftpReader(this, await OpenAsync(Of(name), ForReading, cancellation), cancellation);

    public async Task<bool> MoveAsync(string name, string folder, string newName, CancellationToken cancellation)
    {
        await MakeAsync(folder, cancellation);
        var moved = await client.AskAsync(
            SftpPacket.Rename,
            request =>
            {
                request.Add(Of(name));
                request.Add($"{Of(folder)}/{newName}");
            },
            cancellation);
        if (IsOk(moved, out var code)) return true;
        var still = await client.AskAsync(SftpPacket.LinkStatus, request => request.Add(Of(name)), cancellation);
        if (still.Type != SftpPacket.Attributes) return false;
        throw new ChannelItemException($"It can't be moved to {folder}/: {Words(code)}.", isFinal: false);
    }

    public async Task WriteAsync(string folder, string name, byte[] bytes, CancellationToken cancellation)
    {
        var handle = await OpenAsync($"{Of(folder)}/{name}", ForWriting, cancellation);
        var written = await client.AskAsync(
            SftpPacket.Write,
            request =>
            {
                request.Add(handle);
                request.Add(0UL);
                request.Add(bytes);
            },
            cancellation);
        await CloseAsync(handle, cancellation);
        if (!IsOk(written, out var code)) throw new ChannelItemException($"Nothing can be written in {folder}/: {Words(code)}.", isFinal: false);
    }

    /// <summary>
    /// Puts a file in its place at once: written under another name, on the server's disk as far as the server can say so, and then renamed over
    /// whatever had its name.
    /// </summary>
    /// <exception cref="ChannelItemException">The server refuses.</exception>
    public async Task PutAsync(string name, string part, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        try
        {
            await WriteAndRenameAsync(name, part, content, cancellation);
        }
        catch (ChannelItemException)
        {
            await CleanAsync(part, cancellation);
            throw;
        }
    }

    /// <summary>A disk that is full must not get fuller with each attempt.</summary>
    private async Task CleanAsync(string part, CancellationToken cancellation)
    {
        try
        {
            await DeleteAsync(part, cancellation);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Why the file could not be put there is what matters.
        }
    }

    private async Task WriteAndRenameAsync(string name, string part, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var handle = await OpenAsync(Of(part), ForWriting, cancellation);
        for (var place = 0; place < content.Length; place += WriteMax)
        {
            var piece = content.Slice(place, Math.Min(WriteMax, content.Length - place));
            Need("be written", await client.AskAsync(
                SftpPacket.Write,
                request =>
                {
                    request.Add(handle);
                    request.Add((ulong)place);
                    request.Add(piece.Span);
                },
                cancellation));
        }

        if (client.Can(SyncName)) Need("be written to the disk", await ExtendAsync(SyncName, request => request.Add(handle), cancellation));
        Need("be closed", await client.AskAsync(SftpPacket.Close, request => request.Add(handle), cancellation));
        if (client.Can(RenameName)) Need("be renamed", await ExtendAsync(RenameName, Names, cancellation));
        else if (!await TryRenameAsync()) Need("be renamed", await client.AskAsync(SftpPacket.Rename, Names, cancellation));

        // The protocol's own rename replaces nothing: what is there is deleted then, and only then. Servers to be uploaded to may let nothing be deleted.
        async Task<bool> TryRenameAsync()
        {
            var renamed = await client.AskAsync(SftpPacket.Rename, Names, cancellation);
            if (IsOk(renamed, out var code)) return true;
            var gone = await client.AskAsync(SftpPacket.Remove, request => request.Add(Of(name)), cancellation);
            if (IsOk(gone, out var why) || why == NoSuchFile) return false;
            throw new ChannelItemException($"The file can't be renamed: {Words(code)}; if its name is taken, what has it can't be deleted: {Words(why)}.", isFinal: false);
        }

        void Names(SftpPacket request)
        {
            request.Add(Of(part));
            request.Add(Of(name));
        }
    }

    public async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        var gone = await client.AskAsync(SftpPacket.Remove, request => request.Add(Of(name)), cancellation);
        if (!IsOk(gone, out var code) && code != NoSuchFile) throw new ChannelItemException($"It can't be deleted: {Words(code)}.", isFinal: false);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    /// <summary>What stands at a place; empty at the end.</summary>
    internal async Task<ReadOnlyMemory<byte>> ReadAsync(byte[] handle, ulong offset, int count, CancellationToken cancellation)
    {
        var data = await client.AskAsync(
            SftpPacket.Read,
            request =>
            {
                request.Add(handle);
                request.Add(offset);
                request.Add((uint)count);
            },
            cancellation);
        if (data.Type == SftpPacket.Data) return data.ReadBlob().ToArray();
        IsOk(data, out var code);
        return code == EndOfFile ? default : throw new ChannelItemException($"It can't be read: {Words(code)}.", isFinal: false);
    }

    internal Task CloseAsync(byte[] handle, CancellationToken cancellation) =>
        client.AskAsync(SftpPacket.Close, request => request.Add(handle), cancellation);

    private async Task<byte[]> OpenAsync(string file, uint flags, CancellationToken cancellation)
    {
        var opened = await client.AskAsync(
            SftpPacket.Open,
            request =>
            {
                request.Add(file);
                request.Add(flags);
                request.Add(0u);
            },
            cancellation);
        if (opened.Type == SftpPacket.Handle) return opened.ReadBlob().ToArray();
        throw new ChannelItemException($"It can't be opened: {Why(opened)}.", isFinal: false);
    }

    private async Task MakeAsync(string folder, CancellationToken cancellation)
    {
        // Refused when it is there already; if it is not, the move says so.
        if (made.Add(folder))
            await client.AskAsync(
                SftpPacket.MakeFolder,
                request =>
                {
                    request.Add(Of(folder));
                    request.Add(0u);
                },
                cancellation);
    }

    private Task<SftpPacket> ExtendAsync(string extension, Action<SftpPacket> fill, CancellationToken cancellation) => client.AskAsync(
        SftpPacket.Extended,
        request =>
        {
            request.Add(extension);
            fill(request);
        },
        cancellation);

    private static void Need(string what, SftpPacket answer)
    {
        if (!IsOk(answer, out var code)) throw new ChannelItemException($"The file can't {what}: {Words(code)}.", isFinal: false);
    }

    /// <summary>The attributes that follow; null when it is no file.</summary>
    private static FolderEntry? Read(string name, SftpPacket attributes)
    {
        var (size, mode, changed) = attributes.ReadAttributes();
        if ((mode & FileKind) is not (null or RegularFile) || size is not { } bytes) return null;
        return new FolderEntry(name, checked((long)bytes), changed is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);
    }

    private string Of(string name) => $"{path.TrimEnd('/')}/{name}";

    private static bool IsOk(SftpPacket answer, out uint code)
    {
        code = answer.Type == SftpPacket.Status ? answer.ReadNumber() : uint.MaxValue;
        return code == 0;
    }

    private static string Why(SftpPacket answer)
    {
        IsOk(answer, out var code);
        return Words(code);
    }

    private static string Words(uint code) => code switch
    {
        NoSuchFile => "the server says there is no such file or folder",
        PermissionDenied => "the server does not permit it",
        _ => $"the server refuses (code {code})",
    };
}
