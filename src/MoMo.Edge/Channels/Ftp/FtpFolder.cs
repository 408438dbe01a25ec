using System.Globalization;
using System.Text;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Folder;

namespace MoMo.Edge.Channels.Ftp;

/// <summary>The folder of an FTP server that its connection went into.</summary>
internal sealed class FtpFolder(FtpClient client) : IFolder
{
    private const int ListBytesMax = 16 * 1024 * 1024;
    private static readonly string[] TimeForms = ["yyyyMMddHHmmss", "yyyyMMddHHmmss.FFF"];
    private readonly HashSet<string> made = [];

    private bool ListsFacts => client.Can("MLST") || client.Can("MLSD");

    public async Task<IReadOnlyList<FolderEntry>> ListAsync(CancellationToken cancellation) =>
        ListsFacts ? await ListFactsAsync(cancellation) : await ListNamesAsync(cancellation);

    /// <summary>Asked for as it was listed: what one command tells of a time another may tell in other words.</summary>
    public async Task<FolderEntry?> FindAsync(string name, CancellationToken cancellation)
    {
        if (!ListsFacts) return await StatAsync(name, cancellation);
        var told = await client.SendAsync($"MLST {name}", cancellation);
        // The facts stand on the second of three lines, behind a blank, and the name behind them as the server likes it.
        var facts = told.IsDone ? told.Text.Split('\n').FirstOrDefault(line => line is [' ', ..]) : null;
        if (facts is not null) return Read(facts.TrimStart().TrimEnd('\r'), name);
        return (await ListFactsAsync(cancellation)).Find(entry => entry.Name == name);
    }

    public async Task<Stream> OpenAsync(string name, CancellationToken cancellation)
    {
        var (data, reply) = await client.BeginAsync($"RETR {name}", cancellation);
        return new FtpReader(client, data ?? throw new ChannelItemException($"It can't be fetched: {Words(reply)}.", isFinal: false), cancellation);
    }

    public async Task<bool> MoveAsync(string name, string folder, string newName, CancellationToken cancellation)
    {
        // Refused when it is there already; if it is not, the move says so.
        if (made.Add(folder)) await client.SendAsync($"MKD {folder}", cancellation);
        var from = await client.SendAsync($"RNFR {name}", cancellation);
        if (!from.GoesOn)
        {
            if (from.Code == 550 && !(await client.SendAsync($"SIZE {name}", cancellation)).IsDone) return false;
            throw new ChannelItemException($"It can't be moved: {Words(from)}.", isFinal: false);
        }

        var to = await client.SendAsync($"RNTO {folder}/{newName}", cancellation);
        return to.IsDone ? true : throw new ChannelItemException($"It can't be moved to {folder}/: {Words(to)}.", isFinal: false);
    }

    public async Task WriteAsync(string folder, string name, byte[] bytes, CancellationToken cancellation)
    {
        var (data, reply) = await client.BeginAsync($"STOR {folder}/{name}", cancellation);
        if (data is null) throw new ChannelItemException($"Nothing can be written in {folder}/: {Words(reply)}.", isFinal: false);
        await data.WriteAsync(bytes, cancellation);
        await data.DisposeAsync();
        await client.ReadAsync(cancellation);
    }

    public async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        var reply = await client.SendAsync($"DELE {name}", cancellation);
        if (!reply.IsDone && (await client.SendAsync($"SIZE {name}", cancellation)).IsDone) throw new ChannelItemException($"It can't be deleted: {Words(reply)}.", isFinal: false);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    /// <summary>Lines such as <c>type=file;size=12;modify=20260301090000; name</c> (RFC 3659, section 7).</summary>
    private async Task<List<FolderEntry>> ListFactsAsync(CancellationToken cancellation)
    {
        List<FolderEntry> entries = [];
        foreach (var line in await LinesAsync("MLSD", cancellation))
        {
            if (Read(line) is { } entry) entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Reads such a line; null when it tells of no file.</summary>
    private static FolderEntry? Read(string line, string? name = null)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0) return null;
        var facts = line[..blank].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(fact => fact.Split('=', 2)).Where(fact => fact.Length == 2)
            .GroupBy(fact => fact[0], StringComparer.OrdinalIgnoreCase).ToDictionary(facts => facts.Key, facts => facts.First()[1], StringComparer.OrdinalIgnoreCase);
        return facts.GetValueOrDefault("type")?.Equals("file", StringComparison.OrdinalIgnoreCase) == true
            && long.TryParse(facts.GetValueOrDefault("size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? new FolderEntry(name ?? line[(blank + 1)..], size, Time(facts.GetValueOrDefault("modify")))
            : null;
    }

    /// <summary>For servers that list names only: what has a size is a file.</summary>
    private async Task<List<FolderEntry>> ListNamesAsync(CancellationToken cancellation)
    {
        List<FolderEntry> entries = [];
        foreach (var line in await LinesAsync("NLST", cancellation))
        {
            var name = line[(line.LastIndexOf('/') + 1)..];
            if (name.Length == 0) continue;
            if (await StatAsync(name, cancellation) is { } entry) entries.Add(entry);
        }

        return entries;
    }

    private async Task<FolderEntry?> StatAsync(string name, CancellationToken cancellation)
    {
        var size = await client.SendAsync($"SIZE {name}", cancellation);
        if (!size.IsDone || !long.TryParse(size.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) return null;
        var time = await client.SendAsync($"MDTM {name}", cancellation);
        return new FolderEntry(name, bytes, time.IsDone ? Time(time.Text.Trim()) : null);
    }

    private async Task<List<string>> LinesAsync(string command, CancellationToken cancellation)
    {
        var (data, reply) = await client.BeginAsync(command, cancellation);
        // Some servers say that there is nothing by refusing to list it.
        if (data is null) return reply.Code == 550 || reply.Code == 450 ? [] : throw new ChannelException($"The folder can't be listed: {Words(reply)}.");
        using var listed = new MemoryStream();
        await using (var bytes = new FtpReader(client, data, cancellation))
        {
            var buffer = new byte[16 * 1024];
            for (int read; (read = await bytes.ReadAsync(buffer, cancellation)) > 0;)
            {
                listed.Write(buffer, 0, read);
                if (listed.Length > ListBytesMax) throw new ChannelException("The server's list has no end.");
            }
        }

        return [.. Encoding.UTF8.GetString(listed.GetBuffer(), 0, (int)listed.Length).Split('\n').Select(line => line.TrimEnd('\r'))
            .Where(line => line.Length > 0 && !line.Any(char.IsControl)).Take(FolderChannel.EntriesMax)];
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string Words(FtpReply reply) =>
        $"the server says {reply.Code} {(reply.Text.Length > 100 ? reply.Text[..100] : reply.Text)}".Replace('\n', ' ').TrimEnd('.', ' ');
}
