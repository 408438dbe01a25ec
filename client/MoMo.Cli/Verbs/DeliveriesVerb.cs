using System.CommandLine;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Looks after deliveries.</summary>
internal static class DeliveriesVerb
{
    public static Command Create(Shell shell) =>
        new Verb("deliveries", "See how payments get to their destinations.", "deliveries list --state dead", "deliveries retry ID")
        {
            List(shell), ShowOne(shell), Retry(shell),
        };

    private static Verb List(Shell shell)
    {
        var listing = new Listing<DeliveryView>(
            MoMoJson.Default.DeliveryView,
            new("id", delivery => delivery.Id),
            new("state", delivery => delivery.State),
            new("account", delivery => delivery.AccountId),
            new("number", delivery => Show.Count(delivery.Sequence), Right: true),
            new("destination", delivery => delivery.DestinationId),
            new("attempts", delivery => Show.Count(delivery.Attempts), Right: true),
            new("due_at", delivery => Show.Time(delivery.DueAt)),
            new("last_error", delivery => delivery.LastError));
        var state = Given.Text("--state", "pending, delivered or dead.", "STATE");
        var account = Given.Text("--account", "To this account.", "ID");
        return new Verb("list", "List deliveries.", "deliveries list --state pending --account acme")
        {
            state, account, listing.Limit,
        }.Runs(
            shell,
            (call, cancellation) =>
            {
                var query = new DeliveryQuery { State = call.Value(state), AccountId = call.Value(account) };
                return listing.ShowAsync(call, pageSize => call.Hub.Deliveries.ListAsync(query, pageSize, cancellation), cancellation);
            });
    }

    private static Verb ShowOne(Shell shell)
    {
        var id = Given.Argument("ID", "The delivery's id, which is the receiver's webhook-id.");
        return new Verb("show", "Show one delivery.", "deliveries show ID") { id }.Runs(shell, async (call, cancellation) =>
            Card.Write(call, await call.Hub.Deliveries.GetAsync(call.Value(id), cancellation), MoMoJson.Default.DeliveryView));
    }

    private static Verb Retry(Shell shell)
    {
        var id = Given.Argument("ID", "The delivery's id.");
        return new Verb("retry", "Try a delivery again now.", "deliveries retry ID") { id }.Runs(shell, async (call, cancellation) =>
            Card.Write(call, await call.Hub.Deliveries.RetryAsync(call.Value(id), cancellation), MoMoJson.Default.DeliveryView));
    }
}
