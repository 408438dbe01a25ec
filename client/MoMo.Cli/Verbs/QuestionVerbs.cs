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
        "adapters questions counts mtn --from 2026-03-01",
        "adapters questions ask-again mtn --since 2026-03-01 --dry-run")
    {
        List(shell), Counts(shell), AskAgain(shell),
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

    private static Verb AskAgain(Shell shell)
    {
        var id = Given.Argument("ID", "The adapter's id.");
        var since = Given.Time("--since", "Given up at or after this time.");
        var until = Given.Time("--until", "Given up before this time; now by default.");
        var dry = new Option<bool>("--dry-run") { Description = "Only count." };
        return new Verb(
            "ask-again", "Ask its PSP again what was given up.", "adapters questions ask-again mtn --dry-run", "adapters questions ask-again mtn --since 2026-03-01")
        {
            id, since, until, dry,
        }.Runs(shell, async (call, cancellation) =>
        {
            // Counted first, and up to now: what is given up while this runs is not met.
            var spec = new AskAgainSpec { Since = call.Value(since), Until = call.Value(until), DryRun = true };
            var counted = await call.Hub.StatusQuestions.AskAgainAsync(call.Value(id), spec, cancellation);
            if (call.Value(dry)) return Card.Write(call, counted, MoMoJson.Default.AskAgainView);
            call.Remark(Told(counted));
            var asked = 0L;
            while (counted.Total > 0)
            {
                var some = await call.Hub.StatusQuestions.AskAgainAsync(
                    call.Value(id), spec with { DryRun = false, Until = spec.Until ?? counted.Last?.AddTicks(TimeSpan.TicksPerMillisecond) }, cancellation);
                asked += some.Asked;
                if (some.Asked == 0 || some.Asked >= some.Total) break;
            }

            return Card.Write(call, counted with { Asked = asked }, MoMoJson.Default.AskAgainView);
        });
    }

    /// <summary>How many, before any of them is asked again.</summary>
    private static string Told(AskAgainView counted) => counted is { First: { } first, Last: { } last }
        ? $"Questions to ask again: {Show.Count(counted.Total)}, given up from {Show.Time(first)} to {Show.Time(last)}."
        : "Questions to ask again: 0.";

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
