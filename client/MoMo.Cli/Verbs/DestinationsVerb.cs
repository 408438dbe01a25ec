using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Configures how accounts are told of their payments.</summary>
internal static class DestinationsVerb
{
    public static Command Create(Shell shell)
    {
        var listing = new Listing<DestinationView>(
            MoMoJson.Default.DestinationView,
            new("id", destination => destination.Id),
            new("account", destination => destination.AccountId),
            new("kind", destination => destination.Kind),
            new("url", destination => destination.Url),
            new("paused", destination => destination.PausedReason ?? Show.Mark(destination.Paused)));
        var account = Given.Argument("ACCOUNT", "The account's id.");
        var url = Given.Text("--to", "Where to: http or https; for email mailto:ADDRESS; for file nothing.", "URL");
        var kind = new Option<string>("--kind") { Description = "webhook, email or file.", HelpName = "KIND", DefaultValueFactory = _ => "webhook" };
        var options = new DestinationOptions();
        var rotated = Given.Argument("ID", "The destination's id.");
        var end = new Option<bool>("--end") { Description = "End a rotation: only the new secret signs from now on." };
        var paused = Given.YesNo("--paused", "keeps what is due and sends nothing.");
        var noun = new Noun<DestinationView>(shell, "destinations", "destination", MoMoJson.Default.DestinationView, listing)
        {
            Owner = account,
            All = (call, pageSize, cancellation) => call.Hub.Destinations.ListAsync(call.Value(account), pageSize, cancellation),
            One = (call, id, cancellation) => call.Hub.Destinations.GetAsync(call.Value(account), id, cancellation),
            Delete = (call, id, seen, cancellation) =>
                call.Hub.Destinations.DeleteAsync(call.Value(account), id, seen.Version, cancellation),
        };

        return new Verb(
            "destinations",
            "Configure how accounts are told of their payments.",
            "destinations add acme main --to https://acme.example/momo",
            "destinations add acme mail --kind email --to mailto:ops@acme.example",
            "destinations add acme files --kind file --settings @csv.json",
            "destinations set acme main --order account --currencies KES,UGX",
            "destinations list acme")
        {
            noun.List(),
            noun.ShowOne(),
            noun.Add(
                "acme main --to https://acme.example/momo",
                (call, id, cancellation) => CreateAsync(
                    call,
                    call.Value(account),
                    options.Apply(call, new() { Id = id, Kind = call.Value(kind)!, Url = call.Value(url) }),
                    cancellation),
                [url, kind, .. options.All]),
            noun.Set(
                "acme main --paused true",
                (call, id, seen, cancellation) => call.Hub.Destinations.SetAsync(
                    call.Value(account),
                    id,
                    options.Apply(call, Same(seen) with { Url = call.Value(url) ?? Url(seen), Paused = call.Value(paused) ?? seen.Paused }),
                    seen.Version,
                    cancellation),
                [url, paused, .. options.All]),
            noun.Remove(),
            new Verb("rotate", "Give a destination a new signing secret; the one before signs, too, for a day.", "destinations rotate acme main")
            {
                account, rotated, end,
            }.Runs(shell, async (call, cancellation) => Card.Write(
                call,
                call.Value(end)
                    ? await call.Hub.Destinations.EndRotationAsync(call.Value(account), call.Value(rotated), cancellation)
                    : Kept(call, await call.Hub.Destinations.RotateAsync(call.Value(account), call.Value(rotated), cancellation)),
                MoMoJson.Default.DestinationView)),
        };
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

    private static async Task<DestinationView> CreateAsync(Call call, string account, DestinationSpec spec, CancellationToken cancellation) =>
        Kept(call, await call.Hub.Destinations.CreateAsync(account, spec, cancellation));

    private static DestinationView Kept(Call call, DestinationView view)
    {
        if (view.Secret is not null) call.Remark("Keep the secret now: it is never shown again.");
        return view;
    }
}
