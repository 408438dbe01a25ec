using System.CommandLine;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Looks at payments.</summary>
internal static class PaymentsVerb
{
    private static Listing<PaymentView> NewListing() => new(
        MoMoJson.Default.PaymentView,
        new("id", payment => payment.Id),
        new("status", payment => payment.Status),
        new("amount", payment => Show.Money(payment.Amount, payment.Currency), Right: true),
        new("account", payment => payment.AccountId),
        new("number", payment => payment.Sequence is { } number ? Show.Count(number) : null, Right: true),
        new("reference", payment => payment.ReferenceId ?? payment.Text),
        new("psp", payment => payment.Psp),
        new("psp_reference", payment => payment.PspReference),
        new("received_at", payment => Show.Time(payment.ReceivedAt)));

    public static Command Create(Shell shell) =>
        new Verb("payments", "Look at payments and their proofs.", "payments list --account acme", "payments show ID")
        {
            List(shell), ShowOne(shell), Proof(shell),
        };

    private static Verb List(Shell shell)
    {
        var listing = NewListing();
        var account = Given.Text("--account", "Of this account.", "ID");
        var reference = Given.Text("--reference", "For this customer.", "ID");
        var psp = Given.Text("--psp", "From this PSP.", "ID");
        var pspReference = Given.Text("--psp-reference", "With this id at the PSP.", "TEXT");
        var status = Given.Text("--status", "accepted or suspense.", "STATUS");
        var from = Given.Time("--from", "Received at this time or later; UTC unless it has an offset.");
        var to = Given.Time("--to", "Received before this time.");
        var (first, last) = (Given.FirstNumber(), Given.LastNumber());

        return new Verb(
            "list",
            "List payments, newest first.",
            "payments list --account acme --from 2026-01-01",
            "payments list --account acme --from-number 16 --to-number 20",
            "payments list --status suspense --limit 1000 --json")
        {
            account, reference, psp, pspReference, status, from, to, first, last, listing.Limit,
        }.Runs(shell, (call, cancellation) =>
        {
            var query = new PaymentQuery
            {
                AccountId = call.Value(account), ReferenceId = call.Value(reference), Psp = call.Value(psp),
                PspReference = call.Value(pspReference), Status = call.Value(status), From = call.Value(from), To = call.Value(to),
                SequenceFrom = call.Value(first), SequenceTo = call.Value(last),
            };
            return listing.ShowAsync(call, pageSize => call.Hub.Payments.ListAsync(query, pageSize, cancellation), cancellation);
        });
    }

    private static Verb ShowOne(Shell shell)
    {
        var id = Given.Argument("ID", "The hub's id of the payment.");
        return new Verb("show", "Show one payment, with what each routing rule said.", "payments show ID") { id }
            .Runs(shell, async (call, cancellation) =>
                Card.Write(call, await call.Hub.Payments.GetAsync(call.Value(id), cancellation), MoMoJson.Default.PaymentView));
    }

    private static Verb Proof(Shell shell)
    {
        var id = Given.Argument("ID", "The hub's id of the payment.");
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Where to; else to the standard output.", HelpName = "FILE" };
        return new Verb(
            "proof", "Copy the very bytes that the PSP sent.", "payments proof ID --output proof.bin", "payments proof ID | sha256sum")
        {
            id, output,
        }.Runs(shell, async (call, cancellation) =>
        {
            if (call.Value(output) is { } file)
            {
                await SaveAsync(call, call.Value(id), file, cancellation);
                return ExitCode.Done;
            }

            await using var raw = call.Terminal.RawOut();
            await call.PatientHub.Payments.CopyProofAsync(call.Value(id), raw, cancellation);
            return ExitCode.Done;
        });
    }

    /// <summary>Writes beside the file first, so that nobody finds half a proof under its name.</summary>
    private static async Task SaveAsync(Call call, string id, FileInfo file, CancellationToken cancellation)
    {
        var part = new FileInfo(file.FullName + ".part");
        try
        {
            await using (var content = part.Create()) await call.PatientHub.Payments.CopyProofAsync(id, content, cancellation);
            part.MoveTo(file.FullName, overwrite: true);
        }
        finally
        {
            if (File.Exists(file.FullName + ".part")) File.Delete(file.FullName + ".part");
        }

        call.Remark($"{new FileInfo(file.FullName).Length} bytes written to {file}.");
    }
}
