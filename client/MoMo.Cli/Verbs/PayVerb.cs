using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Reports one payment.</summary>
internal static class PayVerb
{
    public static Command Create(Shell shell)
    {
        var amount = Given.Argument("AMOUNT", "Major units above zero, such as 1250.50.");
        var currency = Given.Argument("CURRENCY", "ISO 4217 code, such as KES.");
        var psp = Given.Needed("--psp", "Who moved the money.", "ID");
        var pspReference = Given.Needed("--psp-reference", "The PSP's own id of the payment, unique for ever.", "TEXT");
        var account = Given.Text("--account", "The account it is for. Of this, --reference, --text and --shortcode at least one.", "ID");
        var reference = Given.Text("--reference", "The customer it is for.", "ID");
        var text = Given.Text("--text", "What the payer typed: account, reference or both.", "TEXT");
        var shortcode = Given.Text("--shortcode", "The number at the PSP that was paid to.", "NUMBER");
        var paidAt = Given.Text("--paid-at", "When the payer paid: RFC 3339, or a date.", "TIME");
        var name = Given.Text("--payer-name", "Who paid.", "NAME");
        var phone = Given.Text("--payer-phone", "The payer's phone.", "PHONE");
        var metadata = Given.Text("--metadata", "A JSON object of your own, or @FILE.", "JSON");

        return new Verb(
            "pay",
            "Report a payment. Safe to repeat: the same payment gets the same answer and never counts twice.",
            "pay 1250.50 KES --psp mpesa --psp-reference QK7A1 --account acme --reference 4711",
            "pay 300 KES --psp mpesa --psp-reference QK7A2 --text 'acme#4711' --json")
        {
            amount, currency, psp, pspReference, account, reference, text, shortcode, paidAt, name, phone, metadata,
        }.Runs(shell, async (call, cancellation) =>
        {
            var payer = new PayerView { Name = call.Value(name), Phone = call.Value(phone) };
            var payment = new NewPayment
            {
                Psp = call.Value(psp)!,
                PspReference = call.Value(pspReference)!,
                AccountId = call.Value(account),
                ReferenceId = call.Value(reference),
                Text = call.Value(text),
                Shortcode = call.Value(shortcode),
                Amount = call.Value(amount),
                Currency = call.Value(currency),
                PaidAt = call.Value(paidAt),
                Payer = payer == new PayerView() ? null : payer,
                Metadata = JsonText.Read("--metadata", call.Value(metadata)),
            };
            var taken = await call.Hub.Payments.SendAsync(payment, cancellation);
            if (call.Json) return Card.Write(call, taken, MoMoJson.Default.PaymentView);

            call.Terminal.Out.WriteLine(Clean.Text(Sentence(taken)));
            return ExitCode.Done;
        });
    }

    private static string Sentence(PaymentView taken) =>
        (taken.Replayed ? "Taken before: " : "Taken: ")
        + $"{taken.Amount} {taken.Currency} as {taken.Id}, "
        + (taken.AccountId is { } account
            ? $"number {taken.Sequence} of account {account}."
            : $"in suspense, as nobody knows whose it is. Assign it: momo suspense assign {taken.Id} ACCOUNT --reason WHY");
}
