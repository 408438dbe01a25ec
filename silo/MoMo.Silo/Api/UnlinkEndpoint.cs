using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Payments;
using MoMo.Storage.Reversals;

namespace MoMo.Silo.Api;

/// <summary>Takes a payment from an account that it does not belong to, back into suspense.</summary>
internal static class UnlinkEndpoint
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapUnlink() =>
            routes.MapPost("/v1/payments/{id}/unlink", Unlink).WithTags("Suspense").RequireAuthorization("admin").Idempotent()
                .WithSummary("Take a payment from the account that has it, back into suspense. Safe to repeat.")
                .WithDescription(
                    "Nothing is rewritten: the payment stays the account's, which gets a reversal of what is left of it (payment.reversed). What is left stands in "
                    + "suspense as a payment of its own, with the PSP's id and the proof of the first, and is the answer: assign it to whose it is. What the PSP "
                    + "takes back from then on is taken back of that one.")
                .Produces<PaymentView>(201).Produces<PaymentView>(200).Refuses(400, 404, 409, 415, 422);
    }

    /// <summary>With how it was taken from its account, and how it came to stand for another.</summary>
    internal static async Task<PaymentView> WithUnlinkingsAsync(PaymentView view, Guid payment, PaymentStore store, CancellationToken cancellation)
    {
        var (unlinked, stands) = await store.FindUnlinkingsAsync(payment, cancellation);
        return view with { Unlinked = View(unlinked), StandsFor = View(stands) };
    }

    private static async Task<IResult> Unlink(
        string id, JsonBody<UnlinkSpec> body, HttpContext http, PaymentStore store, ReversalStore reversals, IAccounts accounts, Ids ids, TimeProvider clock,
        CancellationToken cancellation)
    {
        var (reason, checks) = (body.Value.Reason, body.Checks);
        if (reason is not { Length: >= 3 and <= 500 }) checks.Fault("reason", "required", "reason has 3 to 500 characters: why is it not the account's?");
        if (UnfitCharacters.AreIn(reason)) checks.Fault("reason", "characters", "reason holds control characters, or such as turn the direction of text.");
        if (checks.Refusal is not null) return Problems.Of(new Refusal("unlinking-malformed", "The order can't be used.", checks.Faults));
        if (!Guid.TryParse(id, out var key) || await store.FindAsync(key, cancellation) is not { } payment) return NotThere.Of("payment", id);
        if (payment.AccountId is not { } account)
            return Problems.Of(new Refusal("payment-in-suspense", $"Payment {payment.Id} is nobody's: it is in suspense already."));

        var (by, now) = (http.User.Identity?.Name ?? "", clock.GetUtcNow());
        var proof = Proof.OfMessage(Words(payment, account, reason, by), Envelope.Of(http, now));
        var order = new UnlinkOrder(payment.Id, account, ids.Next(), ids.Next(), reason, by, now, proof);
        var outcome = await accounts.Of(account).Unlink(order);
        if (outcome.Accepted is not { } done) return Problems.Of(outcome.Refused!);
        IdempotencyMiddleware.Done(http);
        var rest = (await store.FindNowAsync(done.Unlinking.PaymentId, cancellation))!;
        var view = PaymentEndpoints.Reversed(Views.Of(rest, done.Replayed), rest, await reversals.ReversedAsync([rest.Id], cancellation));
        view = await WithUnlinkingsAsync(view, rest.Id, store, cancellation);
        return Results.Json(view, MoMoJson.Default.PaymentView, statusCode: done.Replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    /// <summary>The order as it is kept: what proves the account's reversal.</summary>
    private static byte[] Words(Payment payment, string account, string reason, string by)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("unlink", payment.Id);
            json.WriteString("account_id", account);
            json.WriteString("reason", reason);
            json.WriteString("by", by);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static UnlinkingView? View(Unlinking? unlinking) => unlinking is null
        ? null
        : new UnlinkingView
        {
            OriginalId = unlinking.OriginalId.ToString(),
            PaymentId = unlinking.PaymentId.ToString(),
            ReversalId = unlinking.ReversalId.ToString(),
            Reason = unlinking.Reason,
            By = unlinking.By,
            At = unlinking.At,
        };
}
