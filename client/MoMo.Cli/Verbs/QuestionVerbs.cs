using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Asks PSPs how payments stand, and shows what came of it.</summary>
internal static class QuestionVerbs
{
    public static Verb Ask(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        var reference = Given.Argument("REFERENCE", "What its status_url asks by: MTN's X-Reference-Id, Pesapal's OrderTrackingId…");
        var after = new Option<int?>("--after") { Description = "Seconds until it is asked first: 0 (default) to 86400.", HelpName = "N" };
        return new Verb(
            "ask", "Ask its PSP how a payment stands, until it says something final.", "adapters ask mtn 9a0c1a4e-2f2b-4c0e-8d5d-4f3f0a6a9c11") { id, reference, after }.Runs(
            shell,
            async (call, cancellation) =>
            {
                var spec = new StatusQuestionSpec { Reference = call.Value(reference), AfterSeconds = call.Value(after) };
                var asked = await call.Hub.StatusQuestions.AskAsync(call.Value(id), spec, cancellation);
                call.Remark($"See what came of it: momo adapters questions list {asked.Adapter} --reference {asked.Reference}");
                return Card.Write(call, asked, MoMoJson.Default.StatusQuestionView);
            });
    }

    public static Verb Create(Shell shell) => new(
        "questions",
        "Look at what PSPs were asked after callbacks that only ring, or were lost.",
        "adapters questions list mtn --state given_up",
        "adapters questions counts mtn --from 2026-03-01")
    {
        List(shell), Counts(shell),
    };

    private static Verb List(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        var state = Given.Text("--state", "waiting, found, failed, reversed, conflict or given_up.", "STATE");
        var reference = Given.Text("--reference", "Only the one about this reference.", "TEXT");
        var listing = new Listing<StatusQuestionView>(
            MoMoJson.Default.StatusQuestionView,
            new("reference", question => question.Reference),
            new("origin", question => question.Origin),
            new("state", question => question.State),
            new("rings", question => Show.Count(question.Rings)),
            new("asked", question => Show.Count(question.Asked)),
            new("payment", question => question.PaymentId),
            new("next", question => Show.Time(question.DueAt)),
            new("detail", question => question.Detail));
        return new Verb("list", "List what a PSP was asked, newest first.", "adapters questions list mtn --state given_up") { id, state, reference, listing.Limit }.Runs(
            shell,
            (call, cancellation) => listing.ShowAsync(
                call, pageSize => call.Hub.StatusQuestions.ListAsync(call.Value(id), call.Value(state), call.Value(reference), pageSize, cancellation), cancellation));
    }

    private static Verb Counts(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        var from = Given.Time("--from", "First asked for from when on.");
        var to = Given.Time("--to", "First asked for until when.");
        return new Verb(
            "counts", "Count what asking brought, and how many payments callbacks had lost.", "adapters questions counts mtn --from 2026-03-01") { id, from, to }.Runs(
            shell,
            async (call, cancellation) => Card.Write(
                call, await call.Hub.StatusQuestions.CountAsync(call.Value(id), call.Value(from), call.Value(to), cancellation), MoMoJson.Default.StatusCountsView));
    }
}
