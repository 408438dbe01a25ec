using System.Net;
using System.Security.Cryptography;
using System.Text;
using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;
using MoMo.Engine;
using MoMo.Silo.Telemetry;
using MoMo.Storage.Questions;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Api;

/// <summary>
/// Takes what PSPs tell, whatever the PSP: the raw bytes are kept first, then it is checked, read, routed and recorded, and only then answered.
/// </summary>
internal sealed class CallbackIntake(
    IDirectory directory,
    EntryRecorder recorder,
    PaymentIntake keeper,
    QuestionStore questions,
    ILookupClient lookups,
    IEnumerable<ICallbackFormat> formats,
    CallbackSources sources,
    HubMetrics metrics,
    TimeProvider clock,
    ILogger<CallbackIntake> log)
{
    /// <summary>How long a question may take in all. Daraja waits about 8 seconds; ours is 3.</summary>
    private static readonly TimeSpan QuestionMax = TimeSpan.FromSeconds(2.6);

    /// <summary>Why a message is kept that nobody can check.</summary>
    private const string CredentialsClosed = "credentials-closed";

    /// <summary>What PSPs are told to wait when somebody has to mend something first.</summary>
    private static readonly TimeSpan MendPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, ICallbackFormat> formats = formats.ToDictionary(format => format.Name);

    /// <summary>The format of this name; null when PSPs don't call back with it.</summary>
    public ICallbackFormat? Find(string format) => formats.GetValueOrDefault(format);

    /// <summary>Why a message is kept that came from an address of nobody's.</summary>
    private const string AddressRefused = "address-refused";

    /// <summary>Who is called, if the path is right; else null. Who is not let in hears the same, and never learns which was wrong.</summary>
    public async Task<AdmittedCallback?> AdmitAsync(string id, string secret, IPAddress? from, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var adapter = await directory.FindCalledAsync(id, cancellation);
        if (adapter is not { Archived: false, CallbackSecretSha256: { } expected } || Find(adapter.Format) is not { } format) return null;
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), expected.Span)) return null;
        return new AdmittedCallback(adapter, format, sources.Of(adapter, out var closed), closed)
        {
            BeganAt = began,
            IsFromElsewhere = from is null || !format.LetsIn(from, adapter.Settings),
        };
    }

    /// <summary>Takes a message.</summary>
    /// <returns>The answer in the PSP's words, and when to send it again if that is 503; what it says is durable.</returns>
    public async Task<CallbackAnswer> TakeAsync(AdmittedCallback called, CallbackMessage message, string envelope, CancellationToken cancellation)
    {
        var outcome = await DecideAsync(called, message, Proof.OfMessage(message.Body, envelope), cancellation);
        var answer = called.Format.Answer(message, outcome with { Settings = called.Adapter.Settings });
        return answer.Status == StatusCodes.Status503ServiceUnavailable ? answer with { RetryAfter = outcome.RetryAfter } : answer;
    }

    /// <summary>
    /// Keeps what came with the right secret from an address that is not let in: a PSP that calls from a new one, or through a proxy that nobody named,
    /// would else pay in vain without a trace. The sender is told nothing of it.
    /// </summary>
    public async Task KeepFromElsewhereAsync(AdmittedCallback called, CallbackMessage message, string envelope, IPAddress? from)
    {
        log.LogWarning("A message to adapter {Adapter} has the right secret, but {Address} is not among its addresses: nothing is taken.", called.Adapter.Id, from);
        var refusal = new Refusal(AddressRefused, "The message came from an address that is not the PSP's.");
        metrics.Took("callback", refusal);
        keeper.Count(called.Adapter.Id, refusal);
        try
        {
            await KeepAsync(called, message, Proof.OfMessage(message.Body, envelope), AddressRefused, CancellationToken.None);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning("A message to adapter {Adapter} can't be kept now: {Reason}", called.Adapter.Id, e.Message);
        }
    }

    private async Task<CallbackOutcome> DecideAsync(AdmittedCallback called, CallbackMessage message, Proof proof, CancellationToken cancellation)
    {
        try
        {
            if (called.Fault is { } closed) return await KeepClosedAsync(called, message, proof, closed);
            if (Check(called, message) is { } stranger)
            {
                log.LogWarning("A message to adapter {Adapter} is not its PSP's: {Code}.", called.Adapter.Id, stranger.Code);
                await KeepAsync(called, message, proof, stranger.Code, CancellationToken.None);
                return new CallbackOutcome(CallbackVerdict.Forbidden, stranger);
            }

            var entries = Read(called, message);
            return entries is [QuestionEntry question]
                ? await AskAsync(called, message, proof, question, cancellation)
                : await RecordAsync(called, message, proof, entries);
        }
        catch (Exception e) when (HubFault.IsOurs(e))
        {
            log.LogError(e, "A message to adapter {Adapter} can't be taken.", called.Adapter.Id);
            return new CallbackOutcome(CallbackVerdict.Busy, new Refusal(EntryRecorder.Internal, "The hub has a fault; it was logged. Send it again later."))
            {
                RetryAfter = MendPause,
            };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning("A message to adapter {Adapter} can't be kept now: {Reason}", called.Adapter.Id, e.Message);
            var busy = new CallbackOutcome(CallbackVerdict.Busy, new Refusal("busy", "The hub can't take this now; send it again."));
            return e is HubBusyException { RetryAfter: var wait } ? busy with { RetryAfter = wait } : busy;
        }
    }

    /// <summary>
    /// Nobody can tell whether the PSP sent it, which is the hub's own trouble: the bytes are kept, and the PSP may send them again once it is mended.
    /// </summary>
    private async Task<CallbackOutcome> KeepClosedAsync(AdmittedCallback called, CallbackMessage message, Proof proof, SecretException closed)
    {
        log.LogError("A message to adapter {Adapter} can't be checked: {Reason}", called.Adapter.Id, closed.Message);
        await KeepAsync(called, message, proof, CredentialsClosed, CancellationToken.None);
        var refusal = new Refusal(CredentialsClosed, closed.Message);
        metrics.Took("callback", refusal);
        keeper.Count(called.Adapter.Id, refusal);
        return new CallbackOutcome(CallbackVerdict.Busy, refusal) { RetryAfter = MendPause };
    }

    private Refusal? Check(AdmittedCallback called, CallbackMessage message)
    {
        try
        {
            return called.Format.Check(message, called.Source);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "The format {Format} failed over the signature of a message to adapter {Adapter}.", called.Format.Name, called.Adapter.Id);
            return new Refusal("signature-wrong", "The signature could not be checked.");
        }
    }

    /// <summary>A format that fails is a fault of ours; what it could not read is kept all the same.</summary>
    private IReadOnlyList<Entry> Read(AdmittedCallback called, CallbackMessage message)
    {
        try
        {
            return called.Format.Read(message, called.Source);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "The format {Format} failed over a message to adapter {Adapter}.", called.Format.Name, called.Adapter.Id);
            return [new FaultEntry(1, "format-failed", "The hub could not read the message; it was logged.")];
        }
    }

    private async Task<CallbackOutcome> RecordAsync(AdmittedCallback called, CallbackMessage message, Proof proof, IReadOnlyList<Entry> entries)
    {
        DoorbellEntry[] bells = [.. entries.OfType<DoorbellEntry>()];
        foreach (var bell in bells)
        {
            if (bell.Reference is null || !await questions.IsFullAsync(called.Adapter.Id, bell.Reference, CancellationToken.None)) continue;
            var full = QuestionStore.Full(called.Adapter.Id);
            log.LogError("A callback to adapter {Adapter} rings in vain: {Reason}", called.Adapter.Id, full.Detail);
            await KeepAsync(called, message, proof, full.Code, CancellationToken.None);
            return new CallbackOutcome(CallbackVerdict.Busy, full) { RetryAfter = MendPause };
        }

        foreach (var bell in bells)
        {
            metrics.Asked(bell.Reference is null ? "unnamed" : "rung");
            if (bell.Reference is null)
                log.LogWarning("A callback to adapter {Adapter} rings, but does not name what to ask for: nothing is asked.", called.Adapter.Id);
        }

        var recorded = await recorder.RecordAsync(called.Adapter, entries, proof, message.ReceivedAt, "callback");
        var outcome = new CallbackOutcome(recorded.Verdict, recorded.Refusal);
        return recorded.Verdict == CallbackVerdict.Busy ? outcome with { RetryAfter = MendPause } : outcome;
    }

    private async Task<CallbackOutcome> AskAsync(
        AdmittedCallback called, CallbackMessage message, Proof proof, QuestionEntry question, CancellationToken cancellation)
    {
        // Since it came: finding out who is called, and reading what was sent, took their time, too.
        var left = QuestionMax - clock.GetElapsedTime(called.BeganAt);
        using var late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var keeping = KeepAsync(called, message, proof, "validation", deadline.Token);
        var outcome = await AnswerAsync(called.Adapter, question.Query, deadline.Token);
        try
        {
            await keeping.WaitAsync(deadline.Token);
        }
        catch (Exception e)
        {
            // The payer waits: an answer in time is worth more than the proof of a question. The payment itself is proved by its confirmation.
            log.LogWarning("A validation of adapter {Adapter} was answered before its proof was kept: {Reason}", called.Adapter.Id, e.Message);
        }

        return outcome;
    }

    private async Task<CallbackOutcome> AnswerAsync(Adapter adapter, RoutingQuery query, CancellationToken deadline)
    {
        try
        {
            var decision = await adapter.Rules.DecideAsync(query with { Mode = adapter.Mode }, directory, deadline).AsTask().WaitAsync(deadline);
            decision = await decision.KeepApartAsync(adapter.Mode, directory, deadline).AsTask().WaitAsync(deadline);
            if (decision.AccountId is { } account)
                return new CallbackOutcome(await WelcomesAsync(account, decision, adapter.Mode, deadline).WaitAsync(deadline));
            // Who could know did not answer: the adapter's configuration decides.
            return new CallbackOutcome(
                decision.Trace.Any(finding => finding.Verdict == Verdict.Unanswered) ? CallbackVerdict.Unsure : CallbackVerdict.Unwelcome);
        }
        catch (Exception e)
        {
            if (HubFault.IsOurs(e)) log.LogError(e, "A validation of adapter {Adapter} could not be decided.", adapter.Id);
            else log.LogWarning("A validation of adapter {Adapter} could not be decided in time: {Reason}", adapter.Id, e.Message);
            return new CallbackOutcome(CallbackVerdict.Unsure);
        }
    }

    /// <summary>Whether the account that was found takes money for the reference: one that it did not register it is asked for, if it says where.</summary>
    private async Task<CallbackVerdict> WelcomesAsync(string account, RoutingDecision decision, Mode mode, CancellationToken deadline)
    {
        // Who was found by asking has said so.
        if (decision.ReferenceId is not { } reference || decision.Trace.Any(finding => finding is { Rule: LookupRule.RuleName, Verdict: Verdict.Found }))
            return CallbackVerdict.Welcome;
        if (await directory.FindAccountAsync(account, deadline) is not { LookupUrl: { } url }) return CallbackVerdict.Welcome;
        if ((await directory.FindOwnersAsync(Account.Canonical(reference), mode, deadline)).Contains(account)) return CallbackVerdict.Welcome;
        return (await lookups.AskAsync(url, reference, LookupRule.DeadlineDefault, deadline)).Known switch
        {
            true => CallbackVerdict.Welcome,
            false => CallbackVerdict.Unwelcome,
            null => CallbackVerdict.Unsure,
        };
    }

    private Task KeepAsync(
        AdmittedCallback called, CallbackMessage message, Proof proof, string why, CancellationToken cancellation) =>
        keeper.KeepAsync(new KeepProof(proof, called.Adapter.Psp, called.Adapter.Id, why, message.ReceivedAt), patient: false, cancellation);
}
