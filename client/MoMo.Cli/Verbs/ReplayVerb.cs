using System.CommandLine;
using MoMo.Client.Wire;
using Spectre.Console;

namespace MoMo.Cli.Verbs;

/// <summary>Sends many deliveries again.</summary>
internal static class ReplayVerb
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public static Verb Create(Shell shell)
    {
        var account = Given.Text("--account", "To this account.", "ID");
        var destination = Given.Text("--destination", "To this destination of the account.", "ID");
        var state = Given.Text("--state", "dead (the default) or delivered.", "STATE");
        var cause = Given.Text("--cause", "account_rejected, account_unreachable, bad_destination or hub_fault.", "CAUSE");
        var since = Given.Time("--since", "Created at or after this time.");
        var until = Given.Time("--until", "Created before this time; now by default.");
        var all = new Option<bool>("--all") { Description = "Of all accounts, when nothing else says which." };
        var dry = new Option<bool>("--dry-run") { Description = "Only count." };
        var verb = new Verb(
            "replay", "Send many deliveries again, in batches.", "deliveries replay --account acme --dry-run", "deliveries replay --cause account_unreachable")
        {
            account, destination, state, cause, since, until, all, dry,
        };
        // Who forgets an option must not send everything to everybody.
        verb.Validators.Add(given =>
        {
            Option[] narrow = [account, destination, cause, since, until, all, dry];
            if (!Array.Exists(narrow, option => given.GetResult(option) is { Implicit: false }))
                given.AddError("Say which: --account, --cause, --since… or --all. With --dry-run they are only counted.");
        });
        return verb.Runs(shell, async (call, cancellation) =>
        {
            var spec = new ReplaySpec
            {
                AccountId = call.Value(account), DestinationId = call.Value(destination), State = call.Value(state) ?? "dead", Cause = call.Value(cause),
                Since = call.Value(since), Until = call.Value(until), DryRun = true,
            };
            var replay = await call.Hub.Deliveries.ReplayAsync(spec, cancellation);
            if (!call.Value(dry))
            {
                Tell(call, replay);
                replay = await call.Hub.Deliveries.ReplayAsync(spec with { DryRun = false }, cancellation);
                replay = await FollowAsync(call, replay, cancellation);
            }

            return Card.Write(call, replay, MoMoJson.Default.ReplayView);
        });
    }

    /// <summary>Stops one.</summary>
    public static Verb CreateStop(Shell shell)
    {
        var id = Given.Argument("ID", "The replay's id.");
        return new Verb("stop-replay", "Stop a replay: what it has made due is sent, the rest stays as it is.", "deliveries stop-replay ID") { id }
            .Runs(shell, async (call, cancellation) =>
                Card.Write(call, await call.Hub.Deliveries.StopReplayAsync(call.Value(id), cancellation), MoMoJson.Default.ReplayView));
    }

    /// <summary>How many, before any of them is sent.</summary>
    private static void Tell(Call call, ReplayView counted)
    {
        call.Remark(counted is { First: { } first, Last: { } last }
            ? $"Deliveries to send again: {Show.Count(counted.Total)}, created from {Show.Time(first)} to {Show.Time(last)}."
            : "Deliveries to send again: 0.");
        if (counted.Paused is > 0 and var paused)
            call.Remark($"The destinations of {Show.Count(paused)} of them are paused: these wait until they no longer are (momo destinations set ACCOUNT ID --paused false).");
    }

    /// <summary>Asks until all are due again. Whoever ends this ends only the asking.</summary>
    private static Task<ReplayView> FollowAsync(Call call, ReplayView replay, CancellationToken cancellation) =>
        call is { Json: false, Terminal.Rich: true }
            ? call.Terminal.OpenConsole().Progress().StartAsync(progress =>
            {
                var task = progress.AddTask("making due", maxValue: Math.Max(replay.Total, 1));
                return AskAsync(call, replay, seen => task.Value = seen.FinishedAt is null ? seen.Replayed : task.MaxValue, cancellation);
            })
            : AskAsync(call, replay, _ => { }, cancellation);

    private static async Task<ReplayView> AskAsync(Call call, ReplayView replay, Action<ReplayView> seen, CancellationToken cancellation)
    {
        var hub = call.Hub;
        try
        {
            while (replay.FinishedAt is null)
            {
                await Task.Delay(LookEvery, cancellation);
                var now = await hub.Deliveries.GetReplayAsync(replay.Id!, cancellation);
                replay = now with { First = replay.First, Last = replay.Last, Paused = replay.Paused };
                seen(replay);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            call.Remark($"The replay goes on. To end it: momo deliveries stop-replay {replay.Id}");
            throw;
        }

        return replay;
    }
}
