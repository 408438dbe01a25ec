using System.Globalization;
using MoMo.Client.Wire;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Silo.Identity;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Files;
using MoMo.Storage.Management;
using MoMo.Storage.Payments;
using MoMo.Storage.Reversals;

namespace MoMo.Silo.Api;

/// <summary>Payments: brought, found, proved.</summary>
internal static class PaymentEndpoints
{
    /// <summary>Most reversals that are shown with their payment.</summary>
    private const int ReversalsShown = 100;

    /// <summary>Most deliveries that are shown with their payment.</summary>
    private const int DeliveriesShown = 100;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapPayments()
        {
            var payments = routes.MapGroup("/v1/payments").WithTags("Payments");
            payments.MapPost("/", Receive).RequireAuthorization("adapter")
                .WithSummary("Report a payment. Safe to repeat: the same content gets the same answer.")
                .WithDescription("201 when it is taken, 200 with replayed=true when it had been taken before, 409 when psp_reference was used before with other content. A payment whose account nobody knows is kept in suspense: 201 too.")
                .Accepts<NewPayment>("application/json", PaymentForm.UrlEncoded, PaymentForm.Multipart)
                .Produces<PaymentView>(201).Produces<PaymentView>(200)
                .Refuses(400, 409, 413, 415, 422, 503);
            payments.MapPost("/bulk", ReceiveBulk).RequireAuthorization("adapter")
                .WithSummary("Report a stream of payments: one JSON object a line, of any length.")
                .WithDescription("Each line is what a single POST takes. The answer streams one line per payment back, in order, as soon as each is durable. A client that can't read the answer while it still writes sends an empty body with Connection: Upgrade and Upgrade: ndjson, is answered 101, and has a plain stream both ways; it closes it when its last line is answered, for closing one way ends both.")
                .Accepts<NewPayment>("application/x-ndjson", "application/ndjson", "application/jsonl").Produces<BulkLine>(200, "application/x-ndjson").Refuses(415)
                .WithMetadata(new Microsoft.AspNetCore.Mvc.DisableRequestSizeLimitAttribute());
            payments.MapGet("/", List).RequireAuthorization("account")
                .WithSummary("List payments, newest first.")
                .WithDescription("An account's payments come by its numbers, the highest first. psp_reference needs psp; reference_id needs account_id or from, and is compared without case.")
                .Produces<Page<PaymentView>>().Refuses(400, 404, 422);
            payments.MapGet("/{id}", Find).RequireAuthorization("account")
                .WithSummary("A payment with its whole story.").Produces<PaymentView>().Refuses(404);
            payments.MapGet("/{id}/proof", Proof).RequireAuthorization("account")
                .WithSummary("The bytes that prove a payment, exactly as the PSP sent them.")
                .WithDescription(
                    "The SHA-256 is in the header MoMo-Proof-Sha256; for a payment out of a file the whole file is sent, to administrators only, and MoMo-Proof-Position tells the place in it. "
                    + "MoMo-Proof-Envelope holds, percent-encoded, the JSON of when and how it came and with which headers: for an account, which may share its sender with others, "
                    + "only those that tell nothing of the sender (Content-Type, Content-Length, User-Agent, Date).")
                .Produces(200, contentType: "application/octet-stream").Refuses(404);
        }
    }

    private static async Task<IResult> Receive(HttpContext http, PaymentIntake intake) =>
        PaymentAnswer.Of(await intake.TakeAsync(http, http.RequestAborted));

    private static Task ReceiveBulk(HttpContext http, BulkIntake intake) => intake.RunAsync(http, http.RequestAborted);

    private static async Task<IResult> List(
        HttpContext http, PaymentStore store, ReversalStore reversals, KnownNames names, string? account_id, string? reference_id, string? psp,
        string? psp_reference, string? status, string? from, string? to, long? sequence_from, long? sequence_to, string? after, int? limit,
        CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).After(after).Time("from", from, out var since).Time("to", to, out var until).InOrder("from", since, "to", until)
            .OneOf("status", status, "accepted", "suspense").Account(account_id, out var account).Numbers(sequence_from, sequence_to, account, out var numbers);
        query.Require(psp_reference is null || psp is not null, "psp", "psp_reference is an id at its PSP: name the psp, too.")
            .Require(
                reference_id is null || account is not null || since is not null || (psp, psp_reference) is (not null, not null),
                "reference_id", "reference_id needs account_id, or from: else all payments would have to be read.");
        var asked = new FilterNames { Account = account_id is null ? null : account, Psp = psp };
        if ((query.Refused ?? await names.CheckAsync(http, asked, cancellation)) is { } refused) return Problems.Of(refused);
        var suspense = status is null ? (bool?)null : status == "suspense";
        // Suspense belongs to nobody, so an account's key sees none of it.
        var found = await store.ListAsync(
            new PaymentFilter(account, reference_id, psp, psp_reference, suspense, since, until, query.AfterId, query.Count + 1, numbers), cancellation);
        // An account's go by its numbers, and what is not its own has none.
        if (account is not null && await query.LostAsync(
            found.Accepted?.Count, async last => (await store.FindAsync(last, cancellation))?.AccountId == account) is { } lost)
            return Problems.Of(lost);
        var reversed = await reversals.ReversedAsync([.. (found.Accepted ?? []).Select(payment => payment.Id)], cancellation);
        return found.Match(
            payments => query.Page(
                payments, payment => payment.Id.ToString(), payment => Reversed(Views.Of(payment, whole: http.User.IsAdmin), payment, reversed)),
            tooWide => Problems.Of(tooWide));
    }

    private static async Task<IResult> Find(
        string id, HttpContext http, PaymentStore store, ReversalStore reversals, DeliveryStore deliveries, DeliveryWaits waits, CancellationToken cancellation)
    {
        if (await FindOwnAsync(id, http, store, cancellation) is not { } payment) return NotThere.Of("payment", id);
        var reversed = await reversals.ReversedAsync([payment.Id], cancellation);
        var view = Reversed(Views.Of(payment, whole: http.User.IsAdmin), payment, reversed);
        // What is held belongs to nobody: it is for an admin's eyes.
        var back = await reversals.ListAsync(
            new ReversalFilter(http.User.IsAdmin ? null : payment.AccountId, payment.Id, Limit: ReversalsShown), cancellation);
        if (http.User.IsAdmin) view = await UnlinkEndpoint.WithUnlinkingsAsync(view, payment.Id, store, cancellation);
        if (back.Accepted is { Count: > 0 } found) view = view with { Reversals = [.. found.Select(ReversalEndpoints.Of)] };
        return Results.Json(view with { Deliveries = await ToldAsync(payment, deliveries, waits, cancellation) }, MoMoJson.Default.PaymentView);
    }

    /// <summary>How its account is told of it; null when nobody is.</summary>
    private static async Task<IReadOnlyList<DeliveryView>?> ToldAsync(
        Payment payment, DeliveryStore deliveries, DeliveryWaits waits, CancellationToken cancellation)
    {
        if (payment.AccountId is not { } account) return null;
        var filter = new DeliveryFilter { PaymentId = payment.Id, AccountId = account };
        if ((await deliveries.ListAsync(filter, null, DeliveriesShown, cancellation)).Accepted is not { Count: > 0 } told) return null;
        var waiting = await waits.FindAsync(told, cancellation);
        return [.. told.Select(one => Views.Of(one, waiting.GetValueOrDefault(one.Id)))];
    }

    /// <summary>With what was taken back of it.</summary>
    internal static PaymentView Reversed(PaymentView view, Payment payment, IReadOnlyDictionary<Guid, long> reversed) =>
        reversed.TryGetValue(payment.Id, out var back) ? view with { Reversed = new Money(back, payment.Notice.Amount.Currency).ToText() } : view;

    private static async Task<IResult> Proof(string id, HttpContext http, PaymentStore store, FileStore files, CancellationToken cancellation)
    {
        if (await FindOwnAsync(id, http, store, cancellation) is not { } payment) return NotThere.Of("payment", id);
        // A file holds other accounts' payments too, and the message of one that was unlinked names whom it came to first: who sees only one account must
        // not see them.
        if ((payment.Proof.FileId is not null || payment.Stands) && !http.User.IsAdmin) return NotThere.Of("proof", id);

        http.Response.Headers["MoMo-Proof-Sha256"] = Convert.ToHexStringLower(payment.Proof.Sha256);
        if (payment.Proof.FileId is { } file)
        {
            http.Response.Headers["MoMo-Proof-Position"] = payment.Proof.Position.ToString(CultureInfo.InvariantCulture);
            return Results.Stream(files.Open(file, cancellation), "application/octet-stream", $"{payment.Id}.proof");
        }

        var (envelope, body) = (await store.FindMessageAsync(payment, cancellation))!.Value;
        http.Response.Headers["MoMo-Proof-Envelope"] = Uri.EscapeDataString(http.User.IsAdmin ? envelope : Envelope.ForAccount(envelope));
        return Results.Bytes(body, "application/octet-stream", $"{payment.Id}.proof");
    }

    /// <summary>The payment, if it exists and the key may see it.</summary>
    private static async Task<Payment?> FindOwnAsync(string id, HttpContext http, PaymentStore store, CancellationToken cancellation) =>
        Guid.TryParse(id, out var key) ? NotThere.Own(http, await store.FindAsync(key, cancellation), one => one.AccountId, "payment", id) : null;
}
