using System.CommandLine;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Looks at what PSPs took back.</summary>
internal static class ReversalsVerb
{
    public static Command Create(Shell shell) =>
        new Verb("reversals", "Look at money that PSPs took back: refunds, reversals, returns.", "reversals list --status orphaned", "reversals show ID")
        {
            List(shell), ShowOne(shell),
        };

    private static Verb List(Shell shell)
    {
        var listing = new Listing<ReversalView>(
            MoMoJson.Default.ReversalView,
            new("id", reversal => reversal.Id),
            new("status", reversal => reversal.Status),
            new("amount", reversal => Show.Money(reversal.Amount, reversal.Currency), Right: true),
            new("account", reversal => reversal.AccountId),
            new("number", reversal => reversal.Sequence is { } number ? Show.Count(number) : null, Right: true),
            new("payment", reversal => reversal.PaymentId ?? reversal.OriginalReference),
            new("psp", reversal => reversal.Psp),
            new("psp_reference", reversal => reversal.PspReference),
            new("received_at", reversal => Show.Time(reversal.ReceivedAt)));
        var account = Given.Text("--account", "Of this account.", "ID");
        var payment = Given.Text("--payment", "Of this payment, by the hub's id.", "ID");
        var psp = Given.Text("--psp", "From this PSP.", "ID");
        var status = Given.Text(
            "--status", "accepted, suspense (its payment is nobody's yet), orphaned (its payment never came) or held (it does not count).", "STATUS");
        var (first, last) = (Given.FirstNumber(), Given.LastNumber());
        return new Verb(
            "list", "List reversals, newest first.", "reversals list --account acme", "reversals list --payment ID --json", "reversals list --status held --psp mpesa")
        {
            account, payment, psp, status, first, last, listing.Limit,
        }.Runs(shell, (call, cancellation) =>
        {
            var query = new ReversalQuery
            {
                AccountId = call.Value(account), PaymentId = call.Value(payment), Psp = call.Value(psp), Status = call.Value(status),
                SequenceFrom = call.Value(first), SequenceTo = call.Value(last),
            };
            return listing.ShowAsync(call, pageSize => call.Hub.Reversals.ListAsync(query, pageSize, cancellation), cancellation);
        });
    }

    private static Verb ShowOne(Shell shell)
    {
        var id = Given.Argument("ID", "The hub's id of the reversal.");
        return new Verb("show", "Show one reversal.", "reversals show ID", "reversals show ID --json") { id }
            .Runs(shell, async (call, cancellation) =>
                Card.Write(call, await call.Hub.Reversals.GetAsync(call.Value(id), cancellation), MoMoJson.Default.ReversalView));
    }
}
