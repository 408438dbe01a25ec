using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Proofs;
using MoMo.Domain.Questions;
using MoMo.Edge.Questions;
using MoMo.Silo.Api;
using MoMo.Silo.Telemetry;
using MoMo.Storage.Questions;

namespace MoMo.Silo.Questions;

/// <summary>
/// Asks a PSP one question once, and records what came of it. What the answer says is recorded as what a callback says is, with the answer as its proof,
/// before the question is: after a crash between the two the PSP is asked again, and nothing is taken twice.
/// </summary>
internal sealed class Asking(
    StatusClient client, EntryRecorder recorder, PaymentIntake keeper, QuestionStore questions, HubMetrics metrics, TimeProvider clock, ILogger<Asking> log)
{
    /// <summary>Why a message is kept whose question got no final answer in time.</summary>
    public const string GivenUp = "status-given-up";

    /// <summary>Why an answer is kept that is about another payment than was asked for.</summary>
    public const string Mismatch = "status-mismatch";

    private const string Unable = "The hub could not ask, or could not take the answer; it was logged.";
    private const int DetailMax = 500;

    /// <summary>Asks once. What fails of ours is this question's trouble: it waits longer each time and is given up, and keeps no other from being asked.</summary>
    /// <returns>How it was answered, which may be a trouble that would meet the adapter's other questions as well.</returns>
    public async Task<StatusAnswer> AskAsync(Asker asker, StatusQuestion question, CancellationToken cancellation)
    {
        var began = clock.GetUtcNow();
        var answer = new StatusAnswer(ReadOnlyMemory<byte>.Empty, "", Unable);
        Heard heard;
        try
        {
            answer = await client.AskAsync(asker.Source, asker.Format, question.Reference, cancellation);
            heard = answer.Trouble is { } trouble ? new Heard(QuestionState.Waiting, "trouble", trouble) : await HearAsync(asker, question, answer);
        }
        catch (Exception e) when (HubFault.IsOurs(e))
        {
            log.LogError(e, "Asking the PSP of adapter {Adapter} about {Reference} failed.", question.Adapter, question.Reference);
            heard = new Heard(QuestionState.Waiting, "trouble", Unable);
        }

        var (state, due) = (heard.State, clock.GetUtcNow());
        if (state == QuestionState.Waiting && due >= question.UntilAt)
        {
            state = QuestionState.GivenUp;
            await GiveUpAsync(asker.Adapter.Psp, question, question.Asks + 1, heard.Detail);
        }
        else if (state == QuestionState.Waiting)
        {
            due += QuestionSchedule.WaitAfter(question.Tries + 1, answer.RetryAfter, Random.Shared);
            if (due > question.UntilAt) due = question.UntilAt;
        }

        metrics.Asked(state == QuestionState.GivenUp ? state.Word() : heard.Word);
        var detail = heard.Detail is { Length: > DetailMax } wordy ? wordy[..DetailMax] : heard.Detail;
        var recorded = new QuestionAnswer(state, detail, began, due, heard.PaymentId, heard.Made);
        await questions.RecordAsync(question, recorded, clock.GetUtcNow(), CancellationToken.None);
        return answer;
    }

    /// <summary>Ends a question whose time is over and which can't be asked any more.</summary>
    /// <param name="psp">Whose adapter asked; null when there is no such adapter.</param>
    /// <param name="question">The question.</param>
    /// <param name="reason">Why it can't be asked.</param>
    public async Task EndAsync(string? psp, StatusQuestion question, string reason)
    {
        await GiveUpAsync(psp, question, question.Asks, reason);
        metrics.Asked(QuestionState.GivenUp.Word());
        await questions.GiveUpAsync(question, reason, clock.GetUtcNow(), CancellationToken.None);
    }

    private async Task<Heard> HearAsync(Asker asker, StatusQuestion question, StatusAnswer answer)
    {
        var entries = Read(asker, answer);
        if (entries is [NoticeEntry { Kind: NoticeKind.Pending or NoticeKind.Info } pending]) return new Heard(QuestionState.Waiting, "pending", pending.Detail);
        var proof = Proof.OfMessage(answer.Body, answer.Envelope);
        if (entries.Any(entry => entry is not FaultEntry) && Other(asker, question, answer) is { } other)
        {
            log.LogWarning("The PSP of adapter {Adapter} was asked about {Reference} and answered about another payment.", question.Adapter, question.Reference);
            await KeepAsync(asker.Adapter.Psp, asker.Adapter.Id, proof, Mismatch);
            return new Heard(QuestionState.Waiting, "trouble", other);
        }

        if (entries.Any(entry => entry is PaymentEntry)) await questions.NoteAnswerAsync(question, proof.Sha256, CancellationToken.None);
        var recorded = await recorder.RecordAsync(asker.Adapter, entries, proof, clock.GetUtcNow(), "question");
        switch (recorded.Verdict)
        {
            case CallbackVerdict.Differs:
                log.LogWarning("What the PSP of adapter {Adapter} says of {Reference} contradicts what was taken before.", question.Adapter, question.Reference);
                return new Heard(QuestionState.Conflict, "conflict", recorded.Refusal!.Detail);
            case CallbackVerdict.Busy:
                return new Heard(QuestionState.Waiting, "trouble", Unable);
            case CallbackVerdict.Refused:
                return new Heard(QuestionState.Waiting, "trouble", $"The answer can't be taken: {recorded.Refusal!.Detail}");
        }

        if (recorded.Payment is { } taken)
        {
            // A silo may have died after it had taken the payment, and before it could say so here.
            var made = !taken.Replayed || question.AnswerSha256?.AsSpan().SequenceEqual(taken.Payment.Proof.Sha256) == true;
            return new Heard(QuestionState.Found, made ? "found" : "known", null, taken.Payment.Id, made);
        }

        return entries.OfType<NoticeEntry>().FirstOrDefault() is { } notice
            ? new Heard(QuestionState.Failed, "failed", $"{notice.Kind.Word()}: {notice.Detail}")
            : new Heard(QuestionState.Reversed, "reversed", "The PSP took the payment back.");
    }

    /// <summary>A format that fails is a fault of ours; what it could not read is kept all the same.</summary>
    private IReadOnlyList<Entry> Read(Asker asker, StatusAnswer answer)
    {
        try
        {
            return asker.Format.ReadStatus(answer.Body, asker.Source);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "The format {Format} failed over an answer to adapter {Adapter}.", asker.Adapter.Format, asker.Adapter.Id);
            return [new FaultEntry(1, "format-failed", "The hub could not read the answer; it was logged.")];
        }
    }

    private static string? Other(Asker asker, StatusQuestion question, StatusAnswer answer) => asker.Format.Named(answer.Body, asker.By) switch
    {
        null => null,
        "" => "The PSP's answer is not about the payment that was asked for.",
        var named => named.Equals(question.Reference, StringComparison.OrdinalIgnoreCase) ? null : "The PSP's answer is about another payment than was asked for.",
    };

    private async Task GiveUpAsync(string? psp, StatusQuestion question, int asked, string? last)
    {
        log.LogWarning(
            "The PSP of adapter {Adapter} said nothing final about {Reference} in time: {Reason} Nobody asks any more; see its status-questions.",
            question.Adapter, question.Reference, last);
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["question"] = question.Id.ToString(),
            ["adapter"] = question.Adapter,
            ["reference"] = question.Reference,
            ["asked"] = asked.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["until"] = question.UntilAt.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["reason"] = last ?? "",
        });
        try
        {
            await KeepAsync(psp, question.Adapter, Proof.OfMessage(body, "{}"), GivenUp);
        }
        catch (Exception e) when (HubFault.IsOurs(e))
        {
            // Without its message the question still ends: it would be tried for ever.
            log.LogError(e, "That {Reference} of adapter {Adapter} was given up could not be kept as a message.", question.Reference, question.Adapter);
        }
    }

    private Task KeepAsync(string? psp, string adapter, Proof proof, string why) =>
        keeper.KeepAsync(new KeepProof(proof, psp, adapter, why, clock.GetUtcNow()), patient: false, CancellationToken.None);

    private sealed record Heard(QuestionState State, string Word, string? Detail, Guid? PaymentId = null, bool Made = false);
}
