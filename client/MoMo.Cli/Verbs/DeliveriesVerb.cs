using System.CommandLine;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Looks after deliveries.</summary>
internal static class DeliveriesVerb
{
    public static Command Create(Shell shell) =>
        new Verb("deliveries", "See how payments get to their destinations.", "deliveries list --state dead", "deliveries retry ID",
            "deliveries replay --account acme --dry-run")
        {
            List(shell), ShowOne(shell), Retry(shell), ReplayVerb.Create(shell), ReplayVerb.CreateStop(shell), WatchVerb.Create(shell),
        };

    private static Verb List(Shell shell)
    {
        var listing = new Listing<DeliveryView>(
            MoMoJson.Default.DeliveryView,
            new("id", delivery => delivery.Id),
            new("state", delivery => delivery.State),
            new("event", delivery => delivery.Event),
            new("account", delivery => delivery.AccountId),
            new("number", delivery => Show.Count(delivery.Sequence), Right: true),
            new("destination", Destination),
            new("attempts", delivery => Show.Count(delivery.Attempts), Right: true),
            new("cause", delivery => delivery.Cause),
            new("due_at", delivery => Show.Time(delivery.DueAt)),
            new("waits_for", delivery => Wait(delivery.Wait)),
            new("last_error", delivery => delivery.LastError, Wraps: true));
        var state = Given.Text("--state", "pending, delivered or dead.", "STATE");
        var account = Given.Text("--account", "To this account.", "ID");
        var destination = Given.Text("--destination", "To this destination of the account.", "ID");
        var payment = Given.Text("--payment", "Of this payment.", "ID");
        var cause = Given.Text("--cause", "account_rejected, account_unreachable, bad_destination or hub_fault.", "CAUSE");
        var from = Given.Time("--from", "Created at or after this time.");
        var to = Given.Time("--to", "Created before this time.");
        var (first, last) = (Given.FirstNumber(), Given.LastNumber());
        return new Verb("list", "List deliveries.", "deliveries list --state pending --account acme", "deliveries list --payment ID")
        {
            state, account, destination, payment, cause, from, to, first, last, listing.Limit,
        }.Runs(
            shell,
            (call, cancellation) =>
            {
                var query = new DeliveryQuery
                {
                    State = call.Value(state),
                    AccountId = call.Value(account),
                    DestinationId = call.Value(destination),
                    PaymentId = call.Value(payment),
                    Cause = call.Value(cause),
                    From = call.Value(from),
                    To = call.Value(to),
                    SequenceFrom = call.Value(first),
                    SequenceTo = call.Value(last),
                };
                return listing.ShowAsync(call, pageSize => call.Hub.Deliveries.ListAsync(query, pageSize, cancellation), cancellation);
            });
    }

    private static string Destination(DeliveryView delivery) =>
        delivery.DestinationRemoved && delivery.DestinationId != "(removed)" ? $"{delivery.DestinationId} (removed)" : delivery.DestinationId;

    private static string? Wait(DeliveryWaitView? wait) => wait switch
    {
        null or { Reason: "due" or "scheduled" } => null, // due_at says it
        { Behind: { } first } => $"behind {first}",
        { Until: { } until } => $"{wait.Reason} till {Show.Time(until)}",
        _ => wait.Reason,
    };

    private static Verb ShowOne(Shell shell)
    {
        var id = Given.Argument("ID", "The delivery's id, which is the receiver's webhook-id.");
        return new Verb("show", "Show one delivery.", "deliveries show ID") { id }.Runs(shell, async (call, cancellation) =>
            Card.Write(call, await call.Hub.Deliveries.GetAsync(call.Value(id), cancellation), MoMoJson.Default.DeliveryView));
    }

    private static Verb Retry(Shell shell)
    {
        var id = Given.Argument("ID", "The delivery's id.");
        return new Verb("retry", "Send a delivery again now, also one that has arrived: the receiver knows the repeat by its webhook-id.", "deliveries retry ID") { id }.Runs(shell, async (call, cancellation) =>
        {
            var delivery = await call.Hub.Deliveries.RetryAsync(call.Value(id), cancellation);
            if (delivery.Wait is { Reason: "paused" })
                call.Remark($"Destination {delivery.DestinationId} of account {delivery.AccountId} is paused: it waits until it no longer is.");
            return Card.Write(call, delivery, MoMoJson.Default.DeliveryView);
        });
    }
}
