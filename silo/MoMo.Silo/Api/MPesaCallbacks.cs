using System.Security.Cryptography;
using System.Text;
using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Adapters;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;
using MoMo.Edge.Psps;
using MoMo.Edge.Psps.MPesa;
using MoMo.Silo.Identity;
using MoMo.Silo.Telemetry;

namespace MoMo.Silo.Api;

/// <summary>
/// M-Pesa C2B (Daraja): the question before the money moves, and the news that it has. The address is neutral, because Daraja refuses URLs that
/// carry its name; the sender is known by a secret path and a list of addresses, because Daraja signs nothing.
/// </summary>
internal static class MPesaCallbacks
{
    /// <summary>The adapter format that these callbacks belong to.</summary>
    public const string Format = "mpesa-c2b";

    /// <summary>How long a validation may take in all. Daraja waits about 8 seconds; ours is 3.</summary>
    private static readonly TimeSpan ValidationMax = TimeSpan.FromSeconds(2.6);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapMPesaCallbacks()
        {
            var callbacks = routes.MapGroup("/callbacks/{adapter}/{secret}").WithTags("Callbacks").AllowAnonymous();
            callbacks.MapPost("/validation", Validate).WithSummary("M-Pesa asks whether a payment may be made.").Produces<C2bValidationAnswer>();
            callbacks.MapPost("/confirmation", Confirm).WithSummary("M-Pesa tells that a payment was made.").Produces<C2bConfirmationAnswer>();
        }
    }

    private static async Task<IResult> Confirm(
        string adapter, string secret, HttpContext http, IDirectory directory, Intake intake, PaymentIntake keeper, HubMetrics metrics,
        TimeProvider clock)
    {
        if (await AdmitAsync(adapter, secret, http, directory, http.RequestAborted) is not { } admitted) return NotThere.Of("callback", adapter);
        var bytes = await RequestBody.ReadAsync(http.Request, http.RequestAborted);
        var proof = Proof.OfMessage(bytes, Envelope.Of(http, clock.GetUtcNow()));
        var read = C2bMessage.Parse(bytes);
        if (read.Accepted is not { } message)
        {
            metrics.Took("callback", read.Refused!);
            keeper.Count(admitted.Id, read.Refused!);
            await keeper.KeepAsync(new KeepProof(proof, admitted.Psp, admitted.Id, read.Refused!.Code, clock.GetUtcNow()), patient: false, http.RequestAborted);
            return Results.Json(C2bConfirmationAnswer.NotReceived(read.Refused.Detail));
        }

        // Money that moved is never refused for what we do not know: unknown accounts go to suspense, and a differing repeat is kept beside the first.
        var outcome = await intake.TakeAsync(message.ToNotice(admitted.Psp, admitted.Id), admitted.Rules, proof, patient: false, CancellationToken.None);
        metrics.Took("callback", outcome);
        keeper.Count(admitted.Id, outcome);
        if (outcome.Refused is { Code: not "payment-differs" } refusal)
        {
            await keeper.KeepAsync(new KeepProof(proof, admitted.Psp, admitted.Id, refusal.Code, clock.GetUtcNow()), patient: false, http.RequestAborted);
            return Results.Json(C2bConfirmationAnswer.NotReceived(refusal.Detail));
        }

        return Results.Json(C2bConfirmationAnswer.Received);
    }

    private static async Task<IResult> Validate(
        string adapter, string secret, HttpContext http, IDirectory directory, PaymentIntake keeper, TimeProvider clock, ILogger<C2bMessage> log)
    {
        using var late = new CancellationTokenSource(ValidationMax, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted);
        if (await AdmitAsync(adapter, secret, http, directory, deadline.Token) is not { } admitted) return NotThere.Of("callback", adapter);
        var bytes = await RequestBody.ReadAsync(http.Request, deadline.Token);
        var proof = Proof.OfMessage(bytes, Envelope.Of(http, clock.GetUtcNow()));
        var keeping = keeper.KeepAsync(new KeepProof(proof, admitted.Psp, admitted.Id, "validation", clock.GetUtcNow()), patient: false, deadline.Token);
        var answer = await AnswerAsync(bytes, admitted, directory, log, deadline.Token);
        try
        {
            await keeping.WaitAsync(deadline.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or Engine.HubBusyException)
        {
            // The payer waits: an answer in time is worth more than the proof of a question. The payment itself is proved by its confirmation.
            log.LogWarning("A validation of adapter {Adapter} was answered before its proof was kept.", admitted.Id);
        }

        return Results.Json(answer);
    }

    private static async Task<C2bValidationAnswer> AnswerAsync(
        byte[] bytes, Adapter adapter, IDirectory directory, ILogger log, CancellationToken deadline)
    {
        var read = C2bMessage.Parse(bytes);
        if (read.Accepted is not { } message) return C2bValidationAnswer.For(read.Refused!);
        try
        {
            var notice = message.ToNotice(adapter.Psp, adapter.Id);
            var query = new RoutingQuery(notice.AccountId, notice.ReferenceId, notice.Text, notice.Shortcode);
            var decision = await adapter.Rules.DecideAsync(query, directory, deadline).AsTask().WaitAsync(deadline);
            if (decision.AccountId is not null) return C2bValidationAnswer.Accepted;
            // Who could know did not answer: the adapter's configuration decides. Money that comes unrecognised is kept in suspense, so the default is yes.
            if (decision.Trace.Any(finding => finding.Verdict == Verdict.Unanswered)) return Unsure(adapter);
            return C2bValidationAnswer.AccountInvalid;
        }
        catch (Exception e) when (e is OperationCanceledException or Npgsql.NpgsqlException)
        {
            log.LogWarning("A validation of adapter {Adapter} could not be decided in time: {Reason}", adapter.Id, e.Message);
            return Unsure(adapter);
        }
    }

    private static C2bValidationAnswer Unsure(Adapter adapter) =>
        MPesaSettings.RefusesWhenUnsure(adapter.Settings) ? C2bValidationAnswer.Other : C2bValidationAnswer.Accepted;

    /// <summary>The adapter, if the path and the sender's address are right; else null, and nobody learns which was wrong.</summary>
    private static async Task<Adapter?> AdmitAsync(
        string id, string secret, HttpContext http, IDirectory directory, CancellationToken cancellation)
    {
        var adapter = await directory.FindAdapterAsync(id, cancellation);
        if (adapter is not { Format: Format, Archived: false, CallbackSecretSha256: { } expected }) return null;
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), expected.Span)) return null;
        return http.Connection.RemoteIpAddress is { } address && MPesaSettings.Addresses(adapter.Settings).Contains(address) ? adapter : null;
    }
}
