using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Questions;
using MoMo.Domain.Reversals;
using MoMo.Engine;
using MoMo.Silo.Telemetry;

namespace MoMo.Silo.Api;

/// <summary>Records what a callback, or a PSP's answer to a question, says. What it returns for is durable.</summary>
internal sealed class EntryRecorder(Intake intake, PaymentIntake keeper, HubMetrics metrics, Ids ids, ILogger<EntryRecorder> log)
{
    /// <summary>Why a message is kept that the hub could not record for a fault of its own.</summary>
    public const string Internal = "internal";

    /// <summary>Records all entries with their proof. What the hub itself can't record is kept, and keeps no other entry from being recorded.</summary>
    /// <param name="adapter">Whose they are.</param>
    /// <param name="entries">What was read.</param>
    /// <param name="proof">The bytes that it was read from.</param>
    /// <param name="receivedAt">When they came.</param>
    /// <param name="channel">How, for the metrics.</param>
    /// <returns>What became of them; <see cref="CallbackVerdict.Busy"/> when a fault of ours met one: to be said again once that is mended.</returns>
    /// <exception cref="HubBusyException">Too much waits: say it again, nothing is taken twice.</exception>
    public async Task<RecordedEntries> RecordAsync(Adapter adapter, IReadOnlyList<Entry> entries, Proof proof, DateTimeOffset receivedAt, string channel)
    {
        var outcome = new RecordedEntries(CallbackVerdict.Accepted);
        Refusal? ours = null;
        NoticeEntry[] notices = [.. entries.Select(entry => entry is DoorbellEntry bell ? bell.Notice : entry as NoticeEntry).OfType<NoticeEntry>()];
        NewQuestion[] questions =
        [
            .. entries.OfType<DoorbellEntry>().Where(bell => bell.Reference is not null)
                .Select(bell => new NewQuestion(ids.Next(), adapter.Id, bell.Reference!, QuestionOrigin.Doorbell, receivedAt, receivedAt)),
        ];
        if (notices.Length > 0) await TryAsync(() => KeepAsync(notices[0].Kind.Word(), notices, questions));
        foreach (var fault in entries.OfType<FaultEntry>())
        {
            var refusal = new Refusal(fault.Code, fault.Detail);
            metrics.Took(channel, refusal);
            keeper.Count(adapter.Id, refusal);
            await KeepAsync(fault.Code, [], []);
            outcome = outcome with { Verdict = CallbackVerdict.Refused, Refusal = refusal };
        }

        foreach (var entry in entries.OfType<ReversalEntry>()) await TryAsync(() => ReverseAsync(entry));
        foreach (var payment in entries.OfType<PaymentEntry>()) await TryAsync(() => TakeAsync(payment));
        return ours is null ? outcome : outcome with { Verdict = CallbackVerdict.Busy, Refusal = ours };

        async Task ReverseAsync(ReversalEntry entry)
        {
            var taken = await intake.ReverseAsync(ReversalNotice.Of(entry, adapter.Psp, adapter.Id), proof, place: null, CancellationToken.None);
            if (taken.Refused is { } differs) outcome = outcome with { Verdict = CallbackVerdict.Differs, Refusal = differs };
            else if (taken.Accepted!.Replayed && outcome.Verdict == CallbackVerdict.Accepted) outcome = outcome with { Verdict = CallbackVerdict.Repeat };
        }

        async Task TakeAsync(PaymentEntry payment)
        {
            // Money that moved is never refused for what we do not know: unknown accounts go to suspense, and a differing repeat is kept beside the first.
            var taken = await intake.TakeAsync(payment.Notice, adapter.Rules, proof, place: null, CancellationToken.None);
            metrics.Took(channel, taken);
            keeper.Count(adapter.Id, taken);
            if (taken.Accepted is { } accepted)
            {
                outcome = outcome with { Payment = accepted };
                if (accepted.Replayed && outcome.Verdict == CallbackVerdict.Accepted) outcome = outcome with { Verdict = CallbackVerdict.Repeat };
                return;
            }

            var refusal = taken.Refused!;
            if (refusal.Code == "payment-differs")
            {
                outcome = outcome with { Verdict = CallbackVerdict.Differs, Refusal = refusal };
                return;
            }

            await KeepAsync(refusal.Code, [], []);
            outcome = outcome with { Verdict = CallbackVerdict.Refused, Refusal = refusal };
        }

        async Task TryAsync(Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (Exception e) when (HubFault.IsOurs(e))
            {
                log.LogError(e, "What adapter {Adapter} says can't be recorded.", adapter.Id);
                // Nobody but us can mend it, and what came in is needed for that.
                if (ours is null) await KeepAsync(Internal, [], []);
                ours = new Refusal(Internal, "The hub has a fault; it was logged. Send it again later; nothing is taken twice.");
                metrics.Took(channel, ours);
                keeper.Count(adapter.Id, ours);
            }
        }

        Task KeepAsync(string why, IReadOnlyList<NoticeEntry> said, IReadOnlyList<NewQuestion> asked) => keeper.KeepAsync(
            new KeepProof(proof, adapter.Psp, adapter.Id, why, receivedAt) { Notices = said, Questions = asked }, patient: false, CancellationToken.None);
    }
}
