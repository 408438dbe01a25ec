using MoMo.Domain;
using MoMo.Domain.Adapters;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels;
using MoMo.Engine;
using MoMo.Storage;
using MoMo.Storage.Channels;
using Npgsql;

namespace MoMo.Silo.Channels;

/// <summary>
/// One look at one channel: fetches what is new, takes it, puts it away. Each step is recorded after it was done, so a crash between two of them
/// repeats a step, and every step is harmless when repeated: the bytes are recognised by their SHA-256, and what was put away stays away.
/// </summary>
internal sealed class ChannelLook(
    ChannelStore channels, ChannelItems items, BackfillStore backfills, ChannelKinds kinds, ChannelTaker taker, IDirectory directory, IAdapters adapters,
    Agenda agenda, ChannelOptions options, TimeProvider clock, ILogger<ChannelLook> log)
{
    /// <summary>Items of one channel that are listed.</summary>
    private const int ListMax = 10_000;

    /// <summary>Items that one look takes; the next one follows at once.</summary>
    private const int TakeMax = 500;

    /// <summary>Stretches of a backfill that one look fetches; the next one follows at once.</summary>
    private const int StretchesMax = 20;

    private static readonly TimeSpan AsideShown = TimeSpan.FromDays(1);
    private static readonly TimeSpan BackOffMin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan ChannelBackOffMax = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan UnreadablePause = TimeSpan.FromMinutes(1);

    /// <summary>Looks once.</summary>
    public async Task RunAsync(AgendaItem item, CancellationToken cancellation)
    {
        if (await channels.FindAsync(item.Key, cancellation) is not { } row || await directory.FindAdapterAsync(item.Key, cancellation) is not { } adapter)
        {
            await agenda.ReleaseAsync(item, null, cancellation);
            return;
        }

        var work = new Work(item, row, adapter, clock.GetUtcNow());
        string? problem;
        try
        {
            problem = await LookAsync(work, cancellation);
        }
        catch (ChannelException e)
        {
            problem = e.Message;
            work.Due = work.Began + BackOff(row.Health.Failures, e.RetryAfter);
            log.LogWarning("The channel of adapter {Adapter} ({Kind}) failed: {Reason}", adapter.Id, row.Kind, e.Message);
        }

        var failures = problem is null ? 0 : Math.Min(row.Health.Failures + 1, 1_000);
        var health = new ChannelHealth(
            problem is null ? "working" : "failing", problem, failures, work.Began, problem is null ? work.Began : row.Health.WorkedAt);
        if (!await channels.EndAsync(item, row, health, work.Due, cancellation)) return;
        if (!adapter.Archived) await ReportAsync(work, problem);
    }

    /// <returns>What a person must see to although the channel works; null for nothing.</returns>
    private async Task<string?> LookAsync(Work work, CancellationToken cancellation)
    {
        work.Due = work.Began + UnreadablePause;
        if (work.Adapter.Archived) return "The adapter is archived and takes nothing.";
        if (!taker.Reads(work.Adapter.Format)) return $"The adapter reads {work.Adapter.Format}, which does not come in files.";
        await using var channel = await kinds.OpenAsync(work.Row, cancellation);
        work.Due = work.Began + channel.Rules.Interval;
        if (channel is IWindowedChannel windowed) await BackfillAsync(work, windowed, cancellation);

        var listed = await channel.ListAsync(ListMax, cancellation);
        var known = await items.SeeAsync(work.Adapter.Id, [.. listed.Select(one => one.Identity).OfType<string>().Distinct()], cancellation);
        string? stuck = null;
        var (taken, done) = (0, 0);
        // However long it took to list: what lies there for ever comes first, and a look that ends with it would never come further.
        var listedAt = clock.GetUtcNow();
        // What failed before comes last, so that it keeps nothing else waiting; what was never taken before what may have been, the longest there first.
        foreach (var item in listed.OrderBy(Known(one => one.Tries)).ThenBy(Known(one => one.State == "seen" ? 0 : 1)).ThenBy(Known(one => one.DueAt.UtcTicks)))
        {
            // One at least, so that each look comes further.
            if (taken == TakeMax || (done++ > 0 && IsLate(listedAt)))
            {
                work.Due = work.Began;
                break;
            }

            try
            {
                if (item.Identity is null) await FollowAsync(work, channel, item, cancellation);
                else if (await SeeToAsync(work, channel, item, known[item.Identity], cancellation)) taken++;
            }
            catch (ChannelItemException e)
            {
                stuck = $"{item.Name} can't be put away: {e.Message}";
            }
        }

        await items.ForgetAsync(work.Adapter.Id, cancellation);
        work.IsHeldUp = stuck is not null;
        return stuck;

        Func<ChannelItem, long> Known(Func<KnownItem, long> place) => item => item.Identity is { } identity ? place(known[identity]) : 0;
    }

    private bool IsLate(DateTimeOffset began) => clock.GetUtcNow() - began > options.LookTimeout;

    /// <summary>What the channel's position remembers: all or nothing, in order.</summary>
    private async Task FollowAsync(Work work, IChannel channel, ChannelItem item, CancellationToken cancellation)
    {
        try
        {
            var found = await taker.TakeAsync(work.Adapter, channel.Rules, channel.ReadAsync(item, cancellation), onlyNew: false, cancellation);
            await channels.CountAsync(work.Adapter.Id, found, cancellation);
            await channel.SettleAsync(item, null, cancellation);
            if (channel.Position is { } position && position != work.Row.Position) await channels.MoveAsync(work.Item, work.Row, position, cancellation);
        }
        catch (ChannelItemException e)
        {
            work.IsHeldUp = true;
            throw new ChannelException($"{item.Name}: {e.Message}", e);
        }
    }

    /// <returns>Whether it was fetched.</returns>
    private async Task<bool> SeeToAsync(Work work, IChannel channel, ChannelItem item, KnownItem known, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (!item.IsCertain && known.State != "seen") known = await SeeAnewAsync(work, channel, item, known, cancellation);
        if (known.State is "taken" or "done")
        {
            await channel.SettleAsync(item, null, cancellation);
            if (known.State == "taken") await MarkAsync(work, item, "done", null, known.Tries, now, cancellation);
            return false;
        }

        if (known.State is "failed" or "aside")
        {
            await channel.SettleAsync(item, known.Detail, cancellation);
            if (known.State == "failed") await MarkAsync(work, item, "aside", known.Detail, known.Tries, now, cancellation);
            return false;
        }

        var due = item.IsWhole || known.DueAt > known.SeenAt ? known.DueAt : known.SeenAt + channel.Rules.Quiet;
        if (due > now)
        {
            if (due < work.Due) work.Due = due;
            return false;
        }

        // Within one look nothing can be seen to be unchanged.
        if (!item.IsWhole && known.SeenAt >= work.Began) return false;
        await TakeAsync(work, channel, item, known, cancellation);
        return true;
    }

    /// <summary>Something lies there that can't be told from what was taken before: it is seen for the first time, and fetched like any other.</summary>
    private async Task<KnownItem> SeeAnewAsync(Work work, IChannel channel, ChannelItem item, KnownItem known, CancellationToken cancellation)
    {
        var due = item.IsWhole ? clock.GetUtcNow() : clock.GetUtcNow() + channel.Rules.Quiet;
        // That it was set aside is remembered: if it is so again for the same reason, nothing new is missing.
        var tries = known.State is "failed" or "aside" ? channel.Rules.TriesMax : 0;
        await MarkAsync(work, item, "seen", tries == 0 ? null : known.Detail, tries, due, cancellation);
        return known with { State = "seen", Detail = tries == 0 ? null : known.Detail, Tries = tries, DueAt = due };
    }

    private async Task TakeAsync(Work work, IChannel channel, ChannelItem item, KnownItem known, CancellationToken cancellation)
    {
        try
        {
            var found = await taker.TakeAsync(work.Adapter, channel.Rules, channel.ReadAsync(item, cancellation), !item.IsCertain, cancellation);
            await channels.CountAsync(work.Adapter.Id, found, cancellation);
        }
        catch (ChannelException)
        {
            // The channel's fault, not the item's; but others come first when it works again.
            await MarkAsync(work, item, "seen", null, known.Tries, clock.GetUtcNow() + BackOffMin, cancellation);
            throw;
        }
        catch (Exception e) when (IsOfItem(e))
        {
            await FailAsync(work, channel, item, known, e, cancellation);
            return;
        }

        await MarkAsync(work, item, "taken", null, known.Tries, clock.GetUtcNow(), cancellation);
        await channel.SettleAsync(item, null, cancellation);
        await MarkAsync(work, item, "done", null, known.Tries, clock.GetUtcNow(), cancellation);
    }

    private async Task FailAsync(Work work, IChannel channel, ChannelItem item, KnownItem known, Exception e, CancellationToken cancellation)
    {
        var tries = known.Tries + 1;
        // What is no message for people is a fault of ours, whose words might hold anything.
        var detail = Cut(e is ChannelItemException ? e.Message : $"The hub could not read it ({e.GetType().Name}); the hub's log says more.");
        if (e is not ChannelItemException) log.LogError(e, "Item {Item} of adapter {Adapter} can't be taken.", item.Name, work.Adapter.Id);
        if (e is not ChannelItemException { IsFinal: true } && tries < channel.Rules.TriesMax)
        {
            var wait = TimeSpan.FromSeconds(Math.Min(BackOffMin.TotalSeconds * Math.Pow(2, Math.Min(tries - 1, 20)), BackOffMax.TotalSeconds));
            await MarkAsync(work, item, "seen", detail, tries, clock.GetUtcNow() + wait, cancellation);
            if (clock.GetUtcNow() + wait < work.Due) work.Due = clock.GetUtcNow() + wait;
            return;
        }

        log.LogWarning("{Item} of adapter {Adapter} is set aside: {Reason}", item.Name, work.Adapter.Id, detail);
        await MarkAsync(work, item, "failed", detail, tries, clock.GetUtcNow(), cancellation);
        if (item.IsCertain || known.Tries < channel.Rules.TriesMax || known.Detail != detail)
        {
            work.AsideDetail = Cut($"{item.Name}: {detail}");
            await channels.CountAsync(work.Adapter.Id, new ChannelTally(SetAside: 1, AsideDetail: work.AsideDetail), cancellation);
        }

        await channel.SettleAsync(item, detail, cancellation);
        await MarkAsync(work, item, "aside", detail, tries, clock.GetUtcNow(), cancellation);
    }

    private async Task BackfillAsync(Work work, IWindowedChannel channel, CancellationToken cancellation)
    {
        for (var stretch = 0; stretch < StretchesMax && await backfills.NextAsync(work.Adapter.Id, cancellation) is { } backfill; stretch++)
        {
            if (stretch > 0 && IsLate(work.Began))
            {
                work.Due = work.Began;
                return;
            }

            var to = backfill.To - backfill.DoneTo > channel.WindowMax ? backfill.DoneTo + channel.WindowMax : backfill.To;
            try
            {
                var found = await taker.TakeAsync(work.Adapter, channel.Rules, channel.ReadAsync(backfill.DoneTo, to, cancellation), onlyNew: false, cancellation);
                await backfills.AdvanceAsync(backfill, to, found, cancellation);
                await channels.CountAsync(work.Adapter.Id, found, cancellation);
            }
            catch (Exception e) when (e is ChannelException or ChannelItemException)
            {
                work.IsHeldUp = e is ChannelItemException;
                await backfills.HoldAsync(backfill, Cut(e.Message), cancellation);
                throw new ChannelException($"A backfill is held up: {e.Message}", e) { RetryAfter = (e as ChannelException)?.RetryAfter };
            }

            if (stretch == StretchesMax - 1) work.Due = work.Began;
        }
    }

    private Task MarkAsync(Work work, ChannelItem item, string state, string? detail, int tries, DateTimeOffset due, CancellationToken cancellation) =>
        items.MarkAsync(work.Adapter.Id, item.Identity!, state, detail, tries, due, cancellation);

    /// <summary>
    /// The adapter is as well as its channel: down when the channel can't be reached; degraded when it can, but what lies there can't be taken or put
    /// away, and after something was set aside, as its payments are missing: until somebody says that it is seen to, for a day at most.
    /// </summary>
    private async Task ReportAsync(Work work, string? problem)
    {
        var aside = work.AsideDetail ?? (work.Row.OpenAsideAt > clock.GetUtcNow() - AsideShown ? work.Row.Tally.AsideDetail : null);
        var detail = problem is not null ? $"channel: {problem}" : aside is null ? null : $"channel: set aside: {aside}";
        // Twice the pause: a silo that dies is followed by another within a lease.
        var lease = (work.Due - work.Began) * 2 + TimeSpan.FromMinutes(5);
        var state = detail is null ? "up" : problem is null || work.IsHeldUp ? "degraded" : "down";
        await adapters.Of(work.Adapter.Id).Report(new AdapterSignal(state, detail is null ? null : Cut(detail), lease));
    }

    private static TimeSpan BackOff(int failures, TimeSpan? asked)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(BackOffMin.TotalSeconds * Math.Pow(2, Math.Min(failures, 20)), ChannelBackOffMax.TotalSeconds));
        return asked > wait ? asked.Value < BackOffMax ? asked.Value : BackOffMax : wait;
    }

    /// <summary>Whether the item is to blame, and not the database or the end of the look. What the database finds wrong with the data is.</summary>
    private static bool IsOfItem(Exception e) => e switch
    {
        PostgresException refused => refused.SqlState is ['2', '1' or '2' or '3', ..],
        OperationCanceledException or NpgsqlException or TimeoutException or HubBusyException => false,
        _ => true,
    };

    private static string Cut(string text) => text.Length <= AdapterSignal.DetailMax ? text : text[..(AdapterSignal.DetailMax - 1)] + "…";

    private sealed class Work(AgendaItem item, ChannelRow row, Adapter adapter, DateTimeOffset began)
    {
        public AgendaItem Item => item;

        public ChannelRow Row => row;

        public Adapter Adapter => adapter;

        public DateTimeOffset Began { get; } = began;

        public DateTimeOffset Due { get; set; }

        /// <summary>The channel works, but something in it can't be taken or put away.</summary>
        public bool IsHeldUp { get; set; }

        /// <summary>What was set aside last in this look, and why.</summary>
        public string? AsideDetail { get; set; }
    }
}
