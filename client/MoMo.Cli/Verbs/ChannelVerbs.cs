using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Configures how adapters' files and messages are fetched, and tries it.</summary>
internal static class ChannelVerbs
{
    public static Verb Create(Shell shell)
    {
        var verb = new Verb(
            "channel",
            "Fetch an adapter's files: watched folder, SFTP, FTP, mailbox or polled API.",
            "adapters channel set bank --kind sftp --settings @sftp.json --secret @secret.json",
            "adapters channel test bank",
            "adapters channel backfill mpesa --from 2026-03-01")
        {
            Show(shell), Set(shell), Test(shell), Look(shell), Acknowledge(shell), Backfill(shell), Backfills(shell), Remove(shell),
        };
        return verb;
    }

    private static Verb Show(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        return new Verb("show", "Show an adapter's channel, and how it does.", "adapters channel show bank") { id }.Runs(
            shell,
            async (call, cancellation) => Card.Write(call, await call.Hub.Channels.GetAsync(call.Value(id), cancellation), MoMoJson.Default.ChannelView));
    }

    private static Verb Set(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        var kind = Given.Needed("--kind", "folder, sftp, ftp, imap or poll.", "KIND");
        var settings = Given.Text("--settings", "Settings of the kind: a JSON object, or @FILE.", "JSON");
        var secret = Given.Text("--secret", "Its secrets: a JSON object, or better @FILE, which other users of this machine can't see. Needed again when the server changes.", "JSON");
        return new Verb("set", "Create or change an adapter's channel.", "adapters channel set bank --kind folder --settings @folder.json") { id, kind, settings, secret }.Runs(
            shell,
            async (call, cancellation) =>
            {
                var spec = new ChannelSpec
                {
                    Kind = call.Value(kind)!,
                    Settings = JsonText.Read("--settings", call.Value(settings)),
                    Secret = JsonText.Read("--secret", call.Value(secret)),
                };
                var made = await call.Hub.Channels.SetAsync(call.Value(id), spec, cancellation);
                call.Remark($"See whether it works: momo adapters channel test {made.Adapter}");
                return Card.Write(call, made, MoMoJson.Default.ChannelView);
            });
    }

    private static Verb Test(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        return new Verb("test", "Try to connect and to list, and say what is wrong. Takes nothing.", "adapters channel test bank") { id }.Runs(
            shell,
            async (call, cancellation) =>
            {
                var tried = await call.Hub.Channels.TestAsync(call.Value(id), cancellation);
                Card.Write(call, tried, MoMoJson.Default.ChannelTestView);
                return tried.Works ? ExitCode.Done : ExitCode.Failed;
            });
    }

    private static Verb Look(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        return new Verb("look", "Look now, whenever the next look would be due.", "adapters channel look bank") { id }.Runs(
            shell,
            async (call, cancellation) => Card.Write(call, await call.Hub.Channels.LookAsync(call.Value(id), cancellation), MoMoJson.Default.ChannelView));
    }

    private static Verb Acknowledge(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        return new Verb("acknowledge", "Say that what was set aside is seen to: the adapter is no longer degraded by it.", "adapters channel acknowledge bank") { id }.Runs(
            shell,
            async (call, cancellation) =>
            {
                var channel = await call.Hub.Channels.AcknowledgeAsync(call.Value(id), cancellation);
                call.Remark(channel.AsideDetail is { } last ? $"Seen to: all that was set aside, at last {last}" : "Nothing was ever set aside.");
                return Card.Write(call, channel, MoMoJson.Default.ChannelView);
            });
    }

    private static Verb Backfill(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        var from = Given.Time("--from", "From when on.");
        var to = Given.Time("--to", "Until when; now by default.");
        return new Verb(
            "backfill", "Fetch a stretch of time again, and count what callbacks had lost.", "adapters channel backfill mpesa --from 2026-03-01 --to 2026-03-02") { id, from, to }.Runs(
            shell,
            async (call, cancellation) =>
            {
                var spec = new BackfillSpec { From = call.Value(from), To = call.Value(to) };
                var asked = await call.Hub.Channels.BackfillAsync(call.Value(id), spec, cancellation);
                call.Remark($"See what it found: momo adapters channel backfills {asked.Adapter}");
                return Card.Write(call, asked, MoMoJson.Default.BackfillView);
            });
    }

    private static Verb Backfills(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        var listing = new Listing<BackfillView>(
            MoMoJson.Default.BackfillView,
            new("from", backfill => Cli.Show.Time(backfill.From)),
            new("to", backfill => Cli.Show.Time(backfill.To)),
            new("state", backfill => backfill.State),
            new("files", backfill => Cli.Show.Count(backfill.Files)),
            new("lost", backfill => Cli.Show.Count(backfill.PaymentsNew)),
            new("known", backfill => Cli.Show.Count(backfill.PaymentsKnown)),
            new("conflicts", backfill => Cli.Show.Count(backfill.Conflicts)),
            new("faults", backfill => Cli.Show.Count(backfill.Faults)),
            new("detail", backfill => backfill.Detail));
        return new Verb("backfills", "List backfills, and how many payments callbacks had lost.", "adapters channel backfills mpesa") { id, listing.Limit }.Runs(
            shell,
            async (call, cancellation) =>
            {
                var page = await call.Hub.Channels.BackfillsAsync(call.Value(id), cancellation);
                return await listing.ShowAsync(call, _ => page.Items.ToAsyncEnumerable(), cancellation);
            });
    }

    private static Verb Remove(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        return new Verb("remove", "Fetch no more. What came through the channel stays.", "adapters channel remove bank") { id }.Runs(
            shell,
            async (call, cancellation) =>
            {
                await call.Hub.Channels.DeleteAsync(call.Value(id), cancellation);
                call.Remark($"Adapter {call.Value(id)} has no channel any more.");
                return ExitCode.Done;
            });
    }
}
