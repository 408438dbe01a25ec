using MoMo.Client.Wire;
using MoMo.Domain;
using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Questions;
using MoMo.Edge.Questions;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;
using MoMo.Storage.Questions;

namespace MoMo.Silo.Api;

/// <summary>What PSPs are asked: how a payment stands.</summary>
internal static class QuestionEndpoints
{
    private const int AfterMax = 86_400;

    private static readonly Refusal Unable = new(
        "status-url-missing", "The adapter can't ask: it is archived, or its settings have no status_url, or its format knows none.");

    extension(IEndpointRouteBuilder routes)
    {
        public void MapQuestions()
        {
            var questions = routes.MapGroup("/v1/adapters/{adapter}/status-questions").WithTags("Status questions").Refuses(401, 403);
            questions.MapPost("/", Ask).Idempotent().RequireAuthorization("adapter").WithSummary("Ask a PSP how a payment stands.")
                .WithDescription(
                    "For adapters with a status_url. The PSP is asked as long as it says nothing final, for a day; what it answers makes the payment, once. One question for each "
                    + "reference: asked for again, the PSP is asked at once again. An adapter's own key announces payments that its system asked for, so that a lost callback is noticed.")
                .Produces<StatusQuestionView>(202).Refuses(400, 404, 409, 415, 422);
            questions.MapPost("/ask-again", AskAgain).Idempotent().ReadsMuch().RequireAuthorization("admin").WithSummary("Ask a PSP again what was given up: all that fits.")
                .WithDescription(
                    "After a PSP was away for longer than a question is asked. With dry_run, only counts. One call asks 10,000 again at most; send the same again for the rest. "
                    + "Safe to repeat: what is asked again is no longer given up.")
                .Produces<AskAgainView>().Refuses(400, 404, 409, 415, 422);
            questions.MapGet("/", List).RequireAuthorization("admin").WithSummary("List what a PSP was asked, newest first.")
                .WithDescription("Callbacks that only ring are here, too. given_up and conflict are for people to look at.")
                .Produces<Page<StatusQuestionView>>().Refuses(400, 404, 422);
            questions.MapGet("/counts", Count).RequireAuthorization("admin").WithSummary("Count what asking a PSP brought.")
                .WithDescription("Of questions that were first asked for between from and to: found_lost counts the payments that callbacks had lost.")
                .Produces<StatusCountsView>().Refuses(400, 404, 422);
        }
    }

    private static async Task<IResult> Ask(
        string adapter, JsonBody<StatusQuestionSpec> body, HttpContext http, IDirectory directory, CallbackIntake formats, QuestionStore store, Ids ids,
        TimeProvider clock, CancellationToken cancellation)
    {
        if (!http.User.MayReport(adapter)) return NotThere.Foreign(http, "adapter", adapter);
        if (await directory.FindAdapterAsync(adapter, cancellation) is not { } found) return Problems.Of(Unknown.Adapter(adapter));
        var checks = body.Checks;
        var reference = StatusClient.Reference(body.Value.Reference);
        if (reference is null)
            checks.Fault("reference", "reference-malformed", $"Give 1 to {StatusQuestion.ReferenceMax} characters, none of them a control character, and more than dots.");
        if (body.Value.AfterSeconds is < 0 or > AfterMax) checks.Fault("after_seconds", "range", $"Give 0 to {AfterMax} seconds.");
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        if (!CanAsk(found, formats)) return Problems.Of(Unable);
        var now = clock.GetUtcNow();
        var question = new NewQuestion(
            ids.Next(), adapter, reference!, http.User.IsAdmin ? QuestionOrigin.Operator : QuestionOrigin.Announced, now,
            now.AddSeconds(body.Value.AfterSeconds ?? 0));
        return (await store.AskAsync(question, cancellation))
            .Match(asked => Answers.Json(View(asked), StatusCodes.Status202Accepted), refused => Problems.Of(refused));
    }

    private static async Task<IResult> AskAgain(
        string adapter, HttpContext http, JsonBody<AskAgainSpec> body, IDirectory directory, CallbackIntake formats, GivenUpQuestions questions,
        CancellationToken cancellation)
    {
        if (await directory.FindAdapterAsync(adapter, cancellation) is not { } found) return Problems.Of(Unknown.Adapter(adapter));
        var (since, until) = (body.Value.Since?.ToUniversalTime(), body.Value.Until?.ToUniversalTime());
        if (new ListQuery(http, body.Checks).InOrder("since", since, "until", until).Refused is { } refusal) return Problems.Of(refusal);
        if (!body.Value.DryRun && !CanAsk(found, formats)) return Problems.Of(Unable);
        var again = body.Value.DryRun
            ? await questions.CountAsync(adapter, since, until, cancellation)
            : await questions.AskAsync(adapter, since, until, cancellation);
        return again.Match(
            counted => Answers.Json(new AskAgainView { Total = counted.Total, Asked = counted.Asked, First = counted.First, Last = counted.Last }),
            refused => Problems.Of(refused));
    }

    private static bool CanAsk(Adapter adapter, CallbackIntake formats) =>
        !adapter.Archived && formats.Find(adapter.Format) is IStatusFormat format && StatusClient.AskedBy(format, adapter.Settings) is not null;

    private static async Task<IResult> List(
        string adapter, HttpContext http, IDirectory directory, QuestionStore store, string? state, string? reference, string? after, int? limit,
        CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).After(after).OneOf("state", state, [.. QuestionWords.States]);
        if (query.Refused is { } refused) return Problems.Of(refused);
        if (await directory.FindAdapterAsync(adapter, cancellation) is null) return Problems.Of(Unknown.Adapter(adapter));
        var found = await store.ListAsync(new QuestionFilter(adapter, state, reference, query.AfterId, query.Count + 1), cancellation);
        return found.Match(
            questions => query.Page(questions, one => one.Id.ToString(), View),
            tooWide => Problems.Of(tooWide));
    }

    private static async Task<IResult> Count(
        string adapter, HttpContext http, IDirectory directory, QuestionStore store, string? from, string? to, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Time("from", from, out var begin).Time("to", to, out var end).InOrder("from", begin, "to", end);
        if (query.Refused is { } refused) return Problems.Of(refused);
        if (await directory.FindAdapterAsync(adapter, cancellation) is null) return Problems.Of(Unknown.Adapter(adapter));
        return (await store.CountAsync(adapter, begin, end, cancellation)).Match(counts => Answers.Json(View(counts)), tooWide => Problems.Of(tooWide));
    }

    private static StatusQuestionView View(StatusQuestion question) => new()
    {
        Id = question.Id.ToString(),
        Adapter = question.Adapter,
        Reference = question.Reference,
        Origin = question.Origin.Word(),
        Rings = question.Rings,
        State = question.State.Word(),
        Detail = question.Detail,
        Asked = question.Asks,
        PaymentId = question.PaymentId?.ToString(),
        Made = question.Made,
        CreatedAt = question.CreatedAt,
        AskedAt = question.AskedAt,
        DueAt = question.State == QuestionState.Waiting ? question.DueAt : null,
        UntilAt = question.UntilAt,
        EndedAt = question.EndedAt,
    };

    private static StatusCountsView View(QuestionCounts counts) => new()
    {
        Asked = counts.Asked,
        Rung = counts.Rung,
        Waiting = counts.Waiting,
        Found = counts.Found,
        FoundByDoorbell = counts.FoundByDoorbell,
        FoundLost = counts.FoundLost,
        Failed = counts.Failed,
        Reversed = counts.Reversed,
        Conflicts = counts.Conflicts,
        GivenUp = counts.GivenUp,
    };
}
