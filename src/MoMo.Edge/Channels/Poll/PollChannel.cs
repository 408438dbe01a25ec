using System.Globalization;
using System.Runtime.CompilerServices;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Poll;

/// <summary>
/// A web API, polled. Asked by time, its position is the moment up to which all was taken, and each stretch reaches back by the overlap; asked by
/// cursor, its position is the last cursor, so that the last page is asked for again. The position moves only when all was taken.
/// </summary>
internal sealed class PollChannel(
    PollClient client, PollSettings settings, string? position, TimeSpan timeMax, TimeProvider clock) : IWindowedChannel
{
    /// <summary>Pages of one stretch at most.</summary>
    public const int PagesMax = 1_000;

    /// <summary>Stretches of one look at most.</summary>
    private const int StretchesMax = 50;

    private readonly Dictionary<string, (DateTimeOffset From, DateTimeOffset To)> stretches = [];
    private string? cursor = position;

    public ChannelRules Rules => settings.Rules;

    public string? Position { get; private set; } = position;

    public TimeSpan WindowMax => settings.Times.Window;

    public Task<IReadOnlyList<ChannelItem>> ListAsync(int max, CancellationToken cancellation)
    {
        if (!settings.IsWindowed) return Task.FromResult<IReadOnlyList<ChannelItem>>([new ChannelItem("what is new", null, null, null, IsWhole: true)]);
        List<ChannelItem> items = [];
        var until = clock.GetUtcNow() - settings.Times.Delay;
        for (var from = Begin(until); from < until && items.Count < Math.Min(max, StretchesMax);)
        {
            var to = until - from > settings.Times.Window ? from + settings.Times.Window : until;
            var name = $"{Show(from)} to {Show(to)}";
            stretches[name] = (from - settings.Times.Overlap, to);
            items.Add(new ChannelItem(name, null, null, null, IsWhole: true));
            from = to;
        }

        return Task.FromResult<IReadOnlyList<ChannelItem>>(items);
    }

    public IAsyncEnumerable<ChannelFile> ReadAsync(ChannelItem item, CancellationToken cancellation) => settings.IsWindowed
        ? ReadAsync(stretches[item.Name].From, stretches[item.Name].To, cancellation)
        : PagesAsync(default, default, Position, cancellation);

    public IAsyncEnumerable<ChannelFile> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) => settings.IsWindowed
        ? PagesAsync(from, to, null, cancellation)
        : throw new ChannelException("This API is asked by cursor, not by time.");

    public Task SettleAsync(ChannelItem item, string? problem, CancellationToken cancellation)
    {
        Position = settings.IsWindowed ? stretches[item.Name].To.ToString("O", CultureInfo.InvariantCulture) : cursor;
        return Task.CompletedTask;
    }

    public async Task ProbeAsync(CancellationToken cancellation)
    {
        var until = clock.GetUtcNow() - settings.Times.Delay;
        var from = Begin(until);
        var to = until - from > settings.Times.Window ? from + settings.Times.Window : until;
        if (await client.AskAsync(settings.Fill(from - settings.Times.Overlap, to, settings.IsWindowed ? null : Position), cancellation) is not { } body) return;
        if (settings.Pages.Next is not null) settings.Pages.NextOf(body);
        if (settings.HasOffset) settings.Pages.RowsOf(body);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<ChannelFile> PagesAsync(
        DateTimeOffset from, DateTimeOffset to, string? first, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var start = settings.Fill(from, to, first);
        HashSet<PollQuestion> asked = [];
        var question = start;
        var (rows, mark, isEnd) = (0, "", false);
        cursor = first;
        for (var page = 1; ; page++)
        {
            if (Limit(page, began) is { } limit)
            {
                // By cursor the next look goes on from here; a stretch is all or nothing.
                if (!settings.IsWindowed) yield break;
                throw new ChannelException($"The API {limit} for one stretch: make window_hours smaller.");
            }

            asked.Add(question);
            if (await client.AskAsync(question, cancellation) is not { } body) yield break;
            var next = settings.Pages.Next is null ? null : settings.Pages.NextOf(body);
            if (settings.HasOffset)
            {
                var (count, same) = settings.Pages.RowsOf(body);
                // What is behind the first page would be missed, and nobody would know.
                if (same == mark) throw new ChannelException("The API gives the same rows at every {offset}: leave {offset} out if one answer has them all.");
                (rows, mark, isEnd) = (rows + count, same, count == 0);
            }

            var span = settings.IsWindowed ? $"{Show(from)}-{Show(to)}" : "cursor";
            // One without rows, too: only its format can tell the end from a failure that comes with an empty list.
            yield return new ChannelFile(string.Create(CultureInfo.InvariantCulture, $"poll-{span}-{page}{settings.Extension}"), new MemoryStream(body, writable: false));
            if (isEnd) yield break;
            if (settings.HasOffset)
            {
                question = settings.Fill(from, to, null, rows);
                continue;
            }

            if (string.IsNullOrEmpty(next)) yield break;
            question = Follow(start, from, to, next);
            // A server that names the page it just gave has no more.
            if (asked.Contains(question)) yield break;
            cursor = next;
        }
    }

    /// <summary>The limit that this page is beyond; null for none.</summary>
    private string? Limit(int page, long began)
    {
        if (page > PagesMax) return $"has more than {PagesMax} pages";
        // The first is always asked for, so that there is an end to it.
        return page > 1 && clock.GetElapsedTime(began) > timeMax
            ? string.Create(CultureInfo.InvariantCulture, $"has pages for more than {timeMax.TotalSeconds:0.#} s") : null;
    }

    private PollQuestion Follow(PollQuestion start, DateTimeOffset from, DateTimeOffset to, string next)
    {
        if (!next.Contains("://", StringComparison.Ordinal) && next[0] != '/')
            return settings.HasCursor ? settings.Fill(from, to, next) : throw new ChannelException("The API names a next cursor, but there is no place for {cursor}.");

        // The secret goes with each question: to nobody else than whom it was given for.
        return Uri.TryCreate(start.Url, next, out var url) && url.GetLeftPart(UriPartial.Authority) == start.Url.GetLeftPart(UriPartial.Authority)
            ? start with { Url = url } : throw new ChannelException("The API's next page is on another server, which is not followed.");
    }

    private DateTimeOffset Begin(DateTimeOffset until) =>
        Position is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at)
            ? at : settings.Times.Start ?? until - settings.Times.Window;

    private static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
