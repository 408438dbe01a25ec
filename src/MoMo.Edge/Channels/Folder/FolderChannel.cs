using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using System.Text;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Folder;

/// <summary>Files of a folder: which of them are taken, and where they go then. The folder itself may be anywhere.</summary>
internal sealed class FolderChannel(IFolder folder, FolderSettings settings, TimeProvider clock) : IChannel
{
    /// <summary>Entries of one folder that are looked at.</summary>
    public const int EntriesMax = 10_000;

    private const int NameMax = 200;

    /// <summary>What programs call a file that they are still writing.</summary>
    private static readonly string[] Unfinished = [".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", "~"];

    public ChannelRules Rules => settings.Rules;

    public string? Position => null;

    public async Task<IReadOnlyList<ChannelItem>> ListAsync(int max, CancellationToken cancellation)
    {
        var entries = await folder.ListAsync(cancellation);
        var names = entries.Select(entry => entry.Name).ToHashSet();
        return
        [
            .. entries.Where(entry => IsWanted(entry.Name) && (settings.Ready != "marker" || names.Contains(entry.Name + settings.Marker)))
                .OrderBy(entry => entry.ChangedAt).ThenBy(entry => entry.Name, StringComparer.Ordinal).Take(max).Select(Item),
        ];
    }

    public async IAsyncEnumerable<ChannelFile> ReadAsync(ChannelItem item, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (item.Size > Rules.SizeMax) throw new ChannelItemException($"It is larger than {Rules.SizeMax / (1024 * 1024)} MiB.", isFinal: true);
        await using var bytes = new ExactStream(await folder.OpenAsync(item.Name, cancellation), item.Size, Rules.SizeMax);
        yield return new ChannelFile(item.Name, bytes);
    }

    public async Task SettleAsync(ChannelItem item, string? problem, CancellationToken cancellation)
    {
        if (settings.After == "leave") return;
        // What came by this name since the file was listed was not read: it stays, and is listed as what it is.
        if (await folder.FindAsync(item.Name, cancellation) is { } now && Identity(now) != item.Identity) return;
        if (problem is null && settings.After == "delete")
        {
            await folder.DeleteAsync(item.Name, cancellation);
        }
        else
        {
            // The same name may come every day; nothing that lies there already may be overwritten.
            var name = $"{clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{item.Name}";
            var target = problem is null ? settings.Done : settings.Failed;
            if (await folder.MoveAsync(item.Name, target, name, cancellation) && problem is not null)
                await folder.WriteAsync(target, $"{name}.reason.txt", Encoding.UTF8.GetBytes(problem + "\n"), cancellation);
        }

        if (settings.Ready == "marker") await folder.DeleteAsync(item.Name + settings.Marker, cancellation);
    }

    public ValueTask DisposeAsync() => folder.DisposeAsync();

    private bool IsWanted(string name) =>
        name.Length is > 0 and <= NameMax
        && name[0] != '.'
        && !name.Contains('/', StringComparison.Ordinal)
        && !name.Any(char.IsControl)
        && !Unfinished.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase))
        && (settings.Ready != "marker" || !name.EndsWith(settings.Marker, StringComparison.Ordinal))
        && FileSystemName.MatchesSimpleExpression(settings.Pattern, name, ignoreCase: true);

    private ChannelItem Item(FolderEntry entry) => new(entry.Name, Identity(entry), entry.Size, entry.ChangedAt, settings.Ready != "unchanged")
    {
        // Tomorrow's file may be as long as today's.
        IsCertain = entry.ChangedAt is not null,
    };

    private static string Identity(FolderEntry entry) => string.Create(
        CultureInfo.InvariantCulture, $"{entry.Name}|{entry.Size}|{(entry.ChangedAt ?? DateTimeOffset.UnixEpoch).UtcTicks}");
}
