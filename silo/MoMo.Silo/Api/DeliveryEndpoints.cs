using MoMo.Client.Wire;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>What has arrived where, and what has not.</summary>
internal static class DeliveryEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapDeliveries()
        {
            var deliveries = routes.MapGroup("/v1/deliveries").WithTags("Deliveries").RequireAuthorization("account");
            deliveries.MapGet("/", List).WithSummary("List deliveries, newest first, by state: pending, delivered or dead.")
                .WithDescription("An account's deliveries come by its numbers, the highest first, and what tells of adapters, which has no number, after them; "
                    + "when they are narrowed in time, newest first.")
                .Produces<Page<DeliveryView>>().Refuses(400, 404, 422);
            deliveries.MapPost("/replay", Replay).Idempotent().ReadsMuch().WithSummary("Send many deliveries again: all that fit.")
                .WithDescription("With dry_run, only counts. They are made due in batches of 500 each second; receivers recognise repeats by their webhook-id. An account may have 10 replays under way.")
                .Produces<ReplayView>().Produces<ReplayView>(202).Refuses(400, 404, 409, 415, 422);
            deliveries.MapGet("/replays/{id}", FindReplay).WithSummary("How far a replay is.").Produces<ReplayView>().Refuses(404);
            deliveries.MapPost("/replays/{id}/stop", StopReplay).WithSummary("Stop a replay.")
                .WithDescription("What it has made due is sent; the rest stays as it is. One that has finished is left as it is.")
                .Produces<ReplayView>().Refuses(404);
            deliveries.MapGet("/{id}", Find).WithSummary("A delivery with its attempts, and what it waits for.").Produces<DeliveryView>().Refuses(404);
            deliveries.MapPost("/{id}/retry", Retry).Idempotent()
                .WithSummary("Send a delivery again, now, whatever its state.")
                .WithDescription("The receiver recognises a repeat by its webhook-id, which stays the same. If its destination is paused, it is sent when that is over; wait says so. 409 when its destination was removed.")
                .Produces<DeliveryView>(202).Refuses(404, 409);
        }
    }

    private static async Task<IResult> List(
        HttpContext http, DeliveryStore store, DeliveryWaits waits, KnownNames names, string? state, string? cause, string? account_id, string? destination,
        string? payment_id, string? from, string? to, long? sequence_from, long? sequence_to, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).After(after).OneOf("state", state, "pending", "delivered", "dead")
            .OneOf("cause", cause, [.. DeliveryWords.Causes]).Time("from", from, out var begin).Time("to", to, out var end)
            .InOrder("from", begin, "to", end).Account(account_id, out var account).Numbers(sequence_from, sequence_to, account, out var numbers)
            .Require(destination is null || account is not null, "account_id", "Name the destination's account, too.");
        var payment = Guid.TryParse(payment_id, out var wanted) ? wanted : payment_id is null ? (Guid?)null : Guid.Empty;
        // A key of one account need not name it.
        var asked = new FilterNames { Account = account_id is null && destination is null ? null : account, Destination = destination, Payment = payment };
        if ((query.Refused ?? await names.CheckAsync(http, asked, cancellation)) is { } refused) return Problems.Of(refused);
        var filter = new DeliveryFilter
        {
            State = state,
            Cause = cause,
            AccountId = account,
            DestinationId = destination,
            PaymentId = payment,
            From = begin,
            To = end,
            Numbers = numbers,
        };
        var found = await store.ListAsync(filter, query.AfterId, query.Count + 1, cancellation);
        // An account's go by its numbers, and what is not its own has none.
        if (account is not null && await query.LostAsync(
            found.Accepted?.Count, async last => (await store.FindAsync(last, cancellation))?.AccountId == account) is { } lost)
            return Problems.Of(lost);
        var waiting = await waits.FindAsync(found.Accepted ?? [], cancellation);
        return found.Match(
            deliveries => query.Page(deliveries, one => one.Id.ToString(), one => Views.Of(one, waiting.GetValueOrDefault(one.Id))),
            tooWide => Problems.Of(tooWide));
    }

    private static async Task<IResult> Find(string id, HttpContext http, DeliveryStore store, DeliveryWaits waits, CancellationToken cancellation)
    {
        if (await FindOwnAsync(id, http, store, cancellation) is not { } delivery) return NotThere.Of("delivery", id);
        var waiting = await waits.FindAsync([delivery], cancellation);
        return Results.Json(
            Views.Of(delivery, waiting.GetValueOrDefault(delivery.Id), await store.AttemptsAsync(delivery, cancellation)), MoMoJson.Default.DeliveryView);
    }

    private static async Task<IResult> Retry(
        string id, HttpContext http, DeliveryStore store, DeliveryWaits waits, Deliverer deliverer, CancellationToken cancellation)
    {
        if (await FindOwnAsync(id, http, store, cancellation) is not { } delivery) return NotThere.Of("delivery", id);
        if (delivery.DestinationRemoved) return Problems.Of(new Refusal("destination-gone", "The destination of this delivery was removed: there is nowhere to send it."));
        await store.RetryAsync(delivery.Id, cancellation);
        IdempotencyMiddleware.Done(http);
        deliverer.Wake();
        var due = (await store.FindAsync(delivery.Id, cancellation))!;
        var waiting = await waits.FindAsync([due], cancellation);
        return Results.Json(Views.Of(due, waiting.GetValueOrDefault(due.Id)), MoMoJson.Default.DeliveryView, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> Replay(
        JsonBody<ReplaySpec> body, HttpContext http, ReplayStore replays, DestinationStore destinations, TimeProvider clock, CancellationToken cancellation)
    {
        var spec = body.Value;
        var query = new ListQuery(http, body.Checks).OneOf("state", spec.State, "delivered", "dead").OneOf("cause", spec.Cause, [.. DeliveryWords.Causes])
            .InOrder("since", spec.Since, "until", spec.Until ?? clock.GetUtcNow())
            .Account(spec.AccountId, out var account).Require(spec.DestinationId is null || account is not null, "account_id", "Name the destination's account, too.");
        if (query.Refused is { } refused) return Problems.Of(refused);
        // Who mistypes an account must not be told that all of it was sent.
        if (account is not null && await destinations.ListAsync(account, new PageQuery("", 1), cancellation) is null)
            return Problems.Of(Refusal.Of("account_id", "account-unknown", $"There is no account '{account}'."));
        // One that does not exist would narrow nothing.
        if (spec.DestinationId is { } destination && await destinations.FindAsync(account!, destination, cancellation) is null)
            return Problems.Of(Refusal.Of("destination_id", "destination-unknown", $"Account '{account}' has no destination '{destination}'."));
        var filter = new DeliveryFilter
        {
            State = spec.State, Cause = spec.Cause, AccountId = account, DestinationId = spec.DestinationId, From = spec.Since?.ToUniversalTime(),
            To = spec.Until?.ToUniversalTime(),
        };
        var replay = spec.DryRun
            ? await replays.CountAsync(filter, cancellation)
            : await replays.BeginAsync(filter, http.User.Identity?.Name ?? "", cancellation);
        return replay.Match(
            counted => Results.Json(
                Views.Of(counted), MoMoJson.Default.ReplayView, statusCode: spec.DryRun ? StatusCodes.Status200OK : StatusCodes.Status202Accepted),
            refusal => Problems.Of(refusal));
    }

    private static async Task<IResult> FindReplay(string id, HttpContext http, ReplayStore replays, CancellationToken cancellation) =>
        await FindOwnAsync(id, http, replays, cancellation) is { } replay ? Results.Json(Views.Of(replay), MoMoJson.Default.ReplayView) : NotThere.Of("replay", id);

    private static async Task<IResult> StopReplay(string id, HttpContext http, ReplayStore replays, CancellationToken cancellation)
    {
        if (await FindOwnAsync(id, http, replays, cancellation) is not { Id: { } key }) return NotThere.Of("replay", id);
        await replays.StopAsync(key, cancellation);
        return Results.Json(Views.Of((await replays.FindAsync(key, cancellation))!), MoMoJson.Default.ReplayView);
    }

    private static async Task<ReplayRecord?> FindOwnAsync(string id, HttpContext http, ReplayStore replays, CancellationToken cancellation) =>
        Guid.TryParse(id, out var key) ? NotThere.Own(http, await replays.FindAsync(key, cancellation), one => one.AccountId, "replay", id) : null;

    private static async Task<DeliveryRecord?> FindOwnAsync(string id, HttpContext http, DeliveryStore store, CancellationToken cancellation) =>
        Guid.TryParse(id, out var key) ? NotThere.Own(http, await store.FindAsync(key, cancellation), one => one.AccountId, "delivery", id) : null;
}
