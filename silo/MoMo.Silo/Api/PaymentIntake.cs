using Microsoft.Net.Http.Headers;
using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Adapters;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Silo.Telemetry;
using MoMo.Storage.Adapters;

namespace MoMo.Silo.Api;

/// <summary>Takes payments in the standard form over HTTP: one, or a stream of them.</summary>
internal sealed class PaymentIntake(
    Intake intake, IDirectory directory, RuleReader rules, Journal<AccountCommand> journal, AdapterFlow flow, HubMetrics metrics, TimeProvider clock)
{
    private readonly RuleSet standard = rules.Read(default).Accepted!;

    /// <summary>Reads and takes one payment. What is refused is kept as proof, too, before anything is answered.</summary>
    public async Task<Outcome<TakenPayment>> TakeAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = FormOf(http.Request);
        var bytes = await RequestBody.ReadAsync(http.Request, cancellation);
        var sender = await SenderAsync(http, cancellation);
        var draft = new PaymentDraft();
        var read = form is null ? PaymentReader.Read(bytes, null, draft) : await PaymentForm.ReadAsync(bytes, form, draft);
        return await TakeAsync(read, draft, bytes, Envelope.Of(http, clock.GetUtcNow()), sender, place: null, cancellation);
    }

    /// <summary>The media type of form data; null for JSON, which need not be said.</summary>
    private static MediaTypeHeaderValue? FormOf(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType) || request.HasJsonContentType()) return null;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && PaymentForm.Takes(type)) return type;
        throw new RequestException(
            $"Send the payment as Content-Type: application/json, {PaymentForm.UrlEncoded} or {PaymentForm.Multipart}.", StatusCodes.Status415UnsupportedMediaType);
    }

    /// <summary>Takes what was read, or keeps the proof of what could not be.</summary>
    /// <param name="read">The payment, or why it can't be used.</param>
    /// <param name="draft">What was read of it, whatever came of it.</param>
    /// <param name="bytes">As they came.</param>
    /// <param name="envelope">How they came.</param>
    /// <param name="sender">Who sends.</param>
    /// <param name="place">Its place in a stream; null outside of one.</param>
    /// <param name="cancellation">Ends the routing.</param>
    public async Task<Outcome<TakenPayment>> TakeAsync(
        Outcome<PaymentNotice> read, PaymentDraft draft, byte[] bytes, string envelope, Sender sender, StreamPlace? place, CancellationToken cancellation)
    {
        var proof = Proof.OfMessage(bytes, envelope);
        Outcome<TakenPayment> outcome;
        try
        {
            outcome = read.Accepted is { } notice
                ? await TakeAsync(notice, proof, sender, place, cancellation)
                : await CompleteAsync(read.Refused!, draft.Psp, sender, cancellation);
        }
        catch (TurnPoisonedException)
        {
            // Nobody but us can mend it, and what came in is needed for that.
            await KeepAsync(Kept("internal"), place is not null, cancellation);
            throw;
        }

        metrics.Took("api", outcome);
        Count(read.Accepted is { } known ? sender.Find(known.Psp)?.Id : sender.Adapters is [var only] ? only.Id : null, outcome);
        // A repeat and a difference were kept by the turn that found them.
        if (outcome.Refused is { Code: not "payment-differs" } refusal) await KeepAsync(Kept(refusal.Code), place is not null, cancellation);
        return outcome;

        KeepProof Kept(string why) => new(proof, read.Accepted?.Psp, null, why, clock.GetUtcNow());
    }

    /// <summary>Names what is wrong with the PSP beside what is wrong with the other fields: who mends those must not hear of it only then.</summary>
    private async ValueTask<Refusal> CompleteAsync(Refusal refusal, string? psp, Sender sender, CancellationToken cancellation)
    {
        if (refusal.Faults.Count == 0 || string.IsNullOrWhiteSpace(psp) || refusal.Faults.Any(fault => fault.Field == "psp")) return refusal;
        var wrong = sender.Refuses(psp) ?? await intake.CheckPspAsync(psp, cancellation);
        return wrong is null ? refusal : PaymentDraft.Malformed([.. refusal.Faults, .. wrong.Faults]);
    }

    /// <summary>Counts what an adapter brought: new payments, and what was refused.</summary>
    public void Count(string? adapter, Outcome<TakenPayment> outcome)
    {
        if (outcome.Accepted is not { Replayed: true }) flow.Add(adapter, outcome.Accepted is not null);
    }

    /// <summary>Who sends: an adapter's own key speaks for that adapter, with its rules and for its PSP only.</summary>
    public async ValueTask<Sender> SenderAsync(HttpContext http, CancellationToken cancellation)
    {
        if (http.User.OwnAdapters is not { } own) return Sender.Any;
        List<Adapter> adapters = [];
        foreach (var id in own)
        {
            if (await directory.FindAdapterAsync(id, cancellation) is { Archived: false } adapter) adapters.Add(adapter);
        }

        return new Sender(adapters);
    }

    /// <summary>Keeps a message that made no payment; returns when it is durable.</summary>
    public async Task KeepAsync(KeepProof keep, bool patient, CancellationToken cancellation)
    {
        if (patient) await journal.SubmitWhenFreeAsync(keep, cancellation);
        else journal.Submit(keep);
        await keep.Answered;
    }

    private Task<Outcome<TakenPayment>> TakeAsync(PaymentNotice notice, Proof proof, Sender sender, StreamPlace? place, CancellationToken cancellation)
    {
        if (sender.Refuses(notice.Psp) is { } refusal) return Task.FromResult<Outcome<TakenPayment>>(refusal);
        return sender.Find(notice.Psp) is { } adapter
            ? intake.TakeAsync(notice with { Adapter = adapter.Id }, adapter.Rules, proof, place, cancellation)
            : intake.TakeAsync(notice, standard, proof, place, cancellation);
    }
}
