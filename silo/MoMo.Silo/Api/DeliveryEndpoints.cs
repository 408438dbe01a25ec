using MoMo.Client.Wire;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Deliveries;

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
                .WithDescription("An account's deliveries come by its numbers, the highest first.").Produces<Page<DeliveryView>>().Refuses(400, 422);
            deliveries.MapGet("/{id}", Find).WithSummary("A delivery with its last attempt.").Produces<DeliveryView>().Refuses(404);
            deliveries.MapPost("/{id}/retry", Retry)
                .WithSummary("Send a delivery again, now, whatever its state.")
                .WithDescription("The receiver recognises a repeat by its webhook-id, which stays the same.")
                .Produces<DeliveryView>(202).Refuses(404);
        }
    }

    private static async Task<IResult> List(
        HttpContext http, DeliveryStore store, string? state, string? account_id, string? payment_id, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).After(after).OneOf("state", state, "pending", "delivered", "dead")
            .Account(account_id, out var account);
        if (query.Refused is { } refused) return Problems.Of(refused);
        var payment = Guid.TryParse(payment_id, out var wanted) ? wanted : (Guid?)(payment_id is null ? null : Guid.Empty);
        var found = await store.ListAsync(state, account, payment, query.AfterId, query.Count + 1, cancellation);
        return found.Match(
            deliveries => query.Page(deliveries.Select(Views.Of).ToArray(), view => view.Id, MoMoJson.Default.PageDeliveryView),
            tooWide => Problems.Of(tooWide));
    }

    private static async Task<IResult> Find(string id, HttpContext http, DeliveryStore store, CancellationToken cancellation) =>
        await FindOwnAsync(id, http, store, cancellation) is { } delivery
            ? Results.Json(Views.Of(delivery), MoMoJson.Default.DeliveryView)
            : NotThere.Of("delivery", id);

    private static async Task<IResult> Retry(string id, HttpContext http, DeliveryStore store, Deliverer deliverer, CancellationToken cancellation)
    {
        if (await FindOwnAsync(id, http, store, cancellation) is not { } delivery) return NotThere.Of("delivery", id);
        if (delivery.DestinationId is null) return Problems.Of(new Refusal("destination-gone", "The destination of this delivery was removed: there is nowhere to send it."));
        await store.RetryAsync(delivery.Id, cancellation);
        deliverer.Wake();
        return Results.Json(
            Views.Of((await store.FindAsync(delivery.Id, cancellation))!), MoMoJson.Default.DeliveryView, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<DeliveryRecord?> FindOwnAsync(string id, HttpContext http, DeliveryStore store, CancellationToken cancellation) =>
        Guid.TryParse(id, out var key) && await store.FindAsync(key, cancellation) is { } delivery && http.User.MaySee(delivery.AccountId) ? delivery : null;
}
