using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Configures how accounts are told of their payments.</summary>
internal static class DestinationsVerb
{
    /// <summary>More than this the hub does not count exactly.</summary>
    private const int CountedMax = 10_000;

    public static Command Create(Shell shell)
    {
        var listing = new Listing<DestinationView>(
            MoMoJson.Default.DestinationView,
            new("id", destination => destination.Id),
            new("account", destination => destination.AccountId),
            new("kind", destination => destination.Kind),
            new("url", destination => destination.Url),
            new("paused", Paused),
            new("breaker", Breaker),
            new("failing_since", destination => Show.Time(destination.Health?.FailingSince)),
            new("waiting", Waiting, Right: true),
            new("oldest_waiting", destination => Show.Time(destination.Health?.OldestWaitingAt)));
        var account = Given.Argument("ACCOUNT", "The account's id.");
        var url = Given.Text("--to", "Where to: http or https; for email mailto:ADDRESS; for file nothing.", "URL");
        var kind = new Option<string>("--kind") { Description = "webhook, email or file.", HelpName = "KIND", DefaultValueFactory = _ => "webhook" };
        var options = new DestinationOptions();
        var giveUp = new Option<bool>("--give-up-dead-letters") { Description = "Remove it although it has dead letters, and, if it is paused, pending deliveries: nobody can send them again then." };
        var signing = Given.Text("--signing", "v1 (HMAC-SHA256, the default of webhooks) or v1a (ed25519).", "SCHEME");
        var noun = new Noun<DestinationView>(shell, "destinations", "destination", MoMoJson.Default.DestinationView, listing)
        {
            Owner = account,
            All = (call, pageSize, cancellation) => call.Hub.Destinations.ListAsync(call.Value(account), pageSize, cancellation),
            One = (call, id, cancellation) => call.Hub.Destinations.GetAsync(call.Value(account), id, cancellation),
            Delete = (call, id, seen, cancellation) =>
                call.Hub.Destinations.DeleteAsync(call.Value(account), id, seen.Version, call.Value(giveUp), cancellation),
        };

        return new Verb(
            "destinations",
            "Configure how accounts are told of their payments.",
            "destinations add acme main --to https://acme.example/momo",
            "destinations add acme mail --kind email --to mailto:ops@acme.example",
            "destinations add acme files --kind file --settings @csv.json",
            "destinations set acme main --order account --currencies KES,UGX",
            "destinations set acme main --retry-waits 5s,5m,30m,2h --breaker false",
            "destinations list acme")
        {
            noun.List(),
            noun.ShowOne(),
            noun.Add(
                "acme main --to https://acme.example/momo",
                (call, id, cancellation) => CreateAsync(
                    call,
                    call.Value(account),
                    options.Apply(call, new() { Id = id, Kind = call.Value(kind)!, Url = call.Value(url), Signing = call.Value(signing) }),
                    cancellation),
                [url, kind, signing, .. options.All]),
            noun.Set(
                "acme main --paused true",
                (call, id, seen, cancellation) => call.Hub.Destinations.SetAsync(
                    call.Value(account),
                    id,
                    options.Apply(call, Same(seen) with { Url = call.Value(url) ?? Url(seen) }),
                    seen.Version,
                    cancellation),
                [url, .. options.All]),
            noun.Remove(giveUp),
            Rotate(shell),
        };
    }

    private static Verb Rotate(Shell shell)
    {
        var account = Given.Argument("ACCOUNT", "The account's id.");
        var id = Given.Argument("ID", "The destination's id.");
        var end = new Option<bool>("--end") { Description = "End a rotation: only the new secret signs from now on." };
        var undo = new Option<bool>("--undo") { Description = "Take a rotation back: the secret of before signs alone again." };
        var verb = new Verb("rotate", "Give a destination a new signing secret; the one before signs, too, for a day.", "destinations rotate acme main")
        {
            account, id, end, undo,
        };
        verb.Validators.Add(given =>
        {
            if (given.GetValue(end) && given.GetValue(undo)) given.AddError("--end keeps the new secret, --undo the one before: say one of them.");
        });
        return verb.Runs(shell, async (call, cancellation) =>
        {
            var (destinations, its, one) = (call.Hub.Destinations, call.Value(account), call.Value(id));
            var now = call.Value(end) ? await destinations.EndRotationAsync(its, one, cancellation)
                : call.Value(undo) ? await destinations.UndoRotationAsync(its, one, cancellation)
                : Kept(call, await destinations.RotateAsync(its, one, cancellation));
            return Card.Write(call, now, MoMoJson.Default.DestinationView);
        });
    }

    /// <summary>What it is now, as what it is to be: what is not named stays.</summary>
    private static DestinationSpec Same(DestinationView seen) => new()
    {
        Kind = seen.Kind,
        Url = seen.Url,
        Paused = seen.Paused,
        Order = seen.Order,
        RetryWaits = seen.RetryWaits,
        MaxConcurrency = seen.MaxConcurrency,
        RatePerSecond = seen.RatePerSecond,
        Breaker = seen.Breaker,
        Events = seen.Events,
        Currencies = seen.Currencies,
        Psps = seen.Psps,
        Settings = seen.Settings,
    };

    /// <summary>Its URL as it was given: of some kinds the hub makes one of the settings.</summary>
    private static string? Url(DestinationView seen) => seen.Kind switch
    {
        "webhook" => seen.Url,
        "email" when seen.Settings is not { } settings || !settings.TryGetProperty("address", out _) => seen.Url,
        _ => null,
    };

    /// <summary>Whether it is paused, and why when the hub did it.</summary>
    private static string? Paused(DestinationView destination) => destination.PausedReason switch
    {
        null => Show.Mark(destination.Paused),
        "gone" => "410 Gone",
        var reason => reason,
    };

    /// <summary>Whether the breaker is open, and until when; nothing when all is well.</summary>
    private static string? Breaker(DestinationView destination) => destination.Health switch
    {
        { Breaker: "open", NextProbeAt: { } probe } => $"open till {Show.Time(probe)}",
        { SlowedUntil: { } until } => $"slowed till {Show.Time(until)}",
        { Breaker: not "closed" } health => health.Breaker,
        _ => null,
    };

    private static string? Waiting(DestinationView destination) => destination.Health switch
    {
        null => null,
        { Waiting: > CountedMax } => $"{Show.Count(CountedMax)}+",
        { Waiting: var count } => Show.Count(count),
    };

    private static async Task<DestinationView> CreateAsync(Call call, string account, DestinationSpec spec, CancellationToken cancellation) =>
        Kept(call, await call.Hub.Destinations.CreateAsync(account, spec, cancellation));

    private static DestinationView Kept(Call call, DestinationView view)
    {
        if (view.Secret is not null) call.Remark("Keep the secret now: it is never shown again.");
        return view;
    }
}
