using MoMo.Client.Wire;
using MoMo.Domain.Reversals;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;
using MoMo.Storage.Reversals;

namespace MoMo.Silo.Api;

/// <summary>Money that PSPs took back.</summary>
internal static class ReversalEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapReversals()
        {
            var reversals = routes.MapGroup("/v1/reversals").WithTags("Reversals").RequireAuthorization("account");
            reversals.MapGet("/", List)
                .WithSummary("List reversals, newest first.")
                .WithDescription("What PSPs took back, and, by=operator, what an operator took from an account that it did not belong to. What is orphaned, held or of a payment in suspense is nobody's: only an admin's key sees it.")
                .Produces<Page<ReversalView>>().Refuses(400, 404, 422);
            reversals.MapGet("/{id}", Find).WithSummary("A reversal.").Produces<ReversalView>().Refuses(404);
        }
    }

    private static async Task<IResult> List(
        HttpContext http, ReversalStore store, KnownNames names, string? account_id, string? payment_id, string? psp, string? status,
        long? sequence_from, long? sequence_to, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).After(after)
            .OneOf("status", status, "accepted", "suspense", "orphaned", "held").Account(account_id, out var account)
            .Numbers(sequence_from, sequence_to, account, out var numbers);
        var payment = Guid.TryParse(payment_id, out var key) ? key : (Guid?)null;
        query.Require(payment_id is null || payment is not null, "payment_id", "payment_id is the id of a payment.");
        var asked = new FilterNames { Account = account_id is null ? null : account, Psp = psp, Payment = payment };
        if ((query.Refused ?? await names.CheckAsync(http, asked, cancellation)) is { } refused) return Problems.Of(refused);
        var found = await store.ListAsync(new ReversalFilter(account, payment, psp, status, query.AfterId, query.Count + 1, numbers), cancellation);
        return found.Match(
            reversals => query.Page(reversals, one => one.Id.ToString(), Of),
            tooWide => Problems.Of(tooWide));
    }

    private static async Task<IResult> Find(string id, HttpContext http, ReversalStore store, CancellationToken cancellation) =>
        Guid.TryParse(id, out var key) && NotThere.Own(http, await store.FindAsync(key, cancellation), one => one.AccountId, "reversal", id) is { } reversal
            ? Results.Json(Of(reversal), MoMoJson.Default.ReversalView)
            : NotThere.Of("reversal", id);

    /// <summary>A reversal as the API shows it.</summary>
    public static ReversalView Of(Reversal reversal) => new()
    {
        Id = reversal.Id.ToString(),
        Status = reversal.Status,
        Psp = reversal.Notice.Psp,
        By = reversal.Notice.IsOperators ? "operator" : "psp",
        PspReference = reversal.Notice.PspReference,
        Adapter = reversal.Notice.Adapter,
        OriginalReference = reversal.Notice.OriginalReference,
        PaymentId = reversal.PaymentId?.ToString(),
        AccountId = reversal.AccountId,
        Sequence = reversal.Sequence,
        Amount = reversal.Notice.Amount.ToText(),
        Currency = reversal.Notice.Amount.Currency.Code,
        Held = reversal.Held,
        Detail = reversal.Notice.Detail,
        ReceivedAt = reversal.ReceivedAt,
        ProofSha256 = Convert.ToHexStringLower(reversal.Proof.Sha256),
    };
}
