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
        var isForm = IsForm(http.Request);
        var bytes = await RequestBody.ReadAsync(http.Request, cancellation);
        var sender = await SenderAsync(http, cancellation);
        var read = isForm ? PaymentForm.Read(bytes) : PaymentReader.Read(bytes, null);
        return await TakeAsync(read, bytes, Envelope.Of(http, clock.GetUtcNow()), sender, place: null, cancellation);
    }

    /// <summary>Whether the body is form data; if not it is JSON, which need not be said.</summary>
    private static bool IsForm(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType) || request.HasJsonContentType()) return false;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return true;
        throw new BadHttpRequestException(
            "Send the payment as Content-Type: application/json or application/x-www-form-urlencoded.", StatusCodes.Status415UnsupportedMediaType);
    }

    /// <summary>Takes what was read, or keeps the proof of what could not be.</summary>
    public async Task<Outcome<TakenPayment>> TakeAsync(
        Outcome<PaymentNotice> read, byte[] bytes, string envelope, Sender sender, StreamPlace? place, CancellationToken cancellation)
    {
        var proof = Proof.OfMessage(bytes, envelope);
        var outcome = read.Accepted is { } notice ? await TakeAsync(notice, proof, sender, place, cancellation) : read.Refused!;
        metrics.Took("api", outcome);
        Count(read.Accepted is { } known ? sender.Find(known.Psp)?.Id : sender.Adapters is [var only] ? only.Id : null, outcome);
        // A repeat and a difference were kept by the turn that found them.
        if (outcome.Refused is { Code: not "payment-differs" } refusal)
            await KeepAsync(new KeepProof(proof, read.Accepted?.Psp, null, refusal.Code, clock.GetUtcNow()), place is not null, cancellation);
        return outcome;
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
        if (sender.Adapters is null) return intake.TakeAsync(notice, standard, proof, place, cancellation);
        return sender.Find(notice.Psp) is { } adapter
            ? intake.TakeAsync(notice with { Adapter = adapter.Id }, adapter.Rules, proof, place, cancellation)
            : Task.FromResult<Outcome<TakenPayment>>(Refusal.Of("psp", "psp-differs", $"This key belongs to an adapter of another PSP than {notice.Psp}."));
    }
}
