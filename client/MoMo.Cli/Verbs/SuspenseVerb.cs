using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Resolves money that nobody could place.</summary>
internal static class SuspenseVerb
{
    public static Command Create(Shell shell) =>
        new Verb(
            "suspense",
            "Resolve payments that are kept but belong to nobody yet.",
            "suspense list",
            "suspense assign PAYMENT acme --reason 'the customer called'",
            "suspense unlink PAYMENT --reason 'it was meant for another shop'")
        {
            List(shell), Assign(shell), Unlink(shell),
        };

    private static Verb List(Shell shell)
    {
        // What the sender named is all there is to tell whose it may be.
        var listing = new Listing<PaymentView>(
            MoMoJson.Default.PaymentView,
            new("id", payment => payment.Id),
            new("amount", payment => Show.Money(payment.Amount, payment.Currency), Right: true),
            new("reversed", payment => payment.Reversed is { } back ? Show.Money(back, payment.Currency) : null, Right: true),
            new("account", payment => payment.Given?.AccountId),
            new("reference", payment => payment.Given?.ReferenceId),
            new("text", payment => payment.Given?.Text),
            new("shortcode", payment => payment.Given?.Shortcode),
            new("psp", payment => payment.Psp),
            new("psp_reference", payment => payment.PspReference),
            new("received_at", payment => Show.Time(payment.ReceivedAt)));
        return new Verb("list", "List what is in suspense, with whom the senders named.", "suspense list --json") { listing.Limit }.Runs(
            shell,
            (call, cancellation) => listing.ShowAsync(call, pageSize => call.Hub.Suspense.ListAsync(pageSize, cancellation), cancellation));
    }

    private static Verb Assign(Shell shell)
    {
        var payment = Given.Argument("PAYMENT", "The hub's id of the payment.");
        var account = Given.Argument("ACCOUNT", "The account that gets it.");
        var reason = Given.Needed("--reason", "Why; it is kept with the payment.", "TEXT");
        var reference = Given.Text("--reference", "The customer, if known.", "ID");
        return new Verb(
            "assign",
            "Give a payment in suspense to an account, for good.",
            "suspense assign PAYMENT acme --reference 4711 --reason 'typing error, the customer called'")
        {
            payment, account, reason, reference,
        }.Runs(shell, async (call, cancellation) =>
        {
            var spec = new AssignSpec
            {
                AccountId = call.Value(account), ReferenceId = call.Value(reference), Reason = call.Value(reason)!,
            };
            var assigned = await call.Hub.Suspense.AssignAsync(call.Value(payment), spec, cancellation);
            return Card.Write(call, assigned, MoMoJson.Default.PaymentView);
        });
    }

    private static Verb Unlink(Shell shell)
    {
        var payment = Given.Argument("PAYMENT", "The hub's id of the payment.");
        var reason = Given.Needed("--reason", "Why; it is kept with the payment.", "TEXT");
        return new Verb(
            "unlink",
            "Take a payment from the account that has it, back into suspense. The account is told by a reversal; shows the payment to assign.",
            "suspense unlink PAYMENT --reason 'it was meant for another shop'")
        {
            payment, reason,
        }.Runs(shell, async (call, cancellation) =>
        {
            var rest = await call.Hub.Suspense.UnlinkAsync(call.Value(payment), new UnlinkSpec { Reason = call.Value(reason)! }, cancellation);
            return Card.Write(call, rest, MoMoJson.Default.PaymentView);
        });
    }
}
