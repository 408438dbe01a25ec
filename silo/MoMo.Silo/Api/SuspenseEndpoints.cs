using MoMo.Client.Wire;
using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;
using MoMo.Storage.Payments;
using MoMo.Storage.Reversals;

namespace MoMo.Silo.Api;

/// <summary>Payments that are kept but belong to nobody yet.</summary>
internal static class SuspenseEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapSuspense()
        {
            var suspense = routes.MapGroup("/v1/suspense").WithTags("Suspense").RequireAuthorization("admin");
            suspense.MapGet("/", List).WithSummary("List payments that belong to nobody yet, newest first.")
                .WithDescription("given says whom the sender named; decision, why that found no account; reversed, what the PSP has taken back since.")
                .Produces<Page<PaymentView>>()
                .Refuses(400, 422);
            suspense.MapPost("/{id}/assign", Assign).Idempotent()
                .WithSummary("Give a payment in suspense to an account. Safe to repeat.")
                .WithDescription("The payment gets the account's next number and goes the normal way from there: it is delivered like any other.")
                .Produces<PaymentView>(201).Produces<PaymentView>(200).Refuses(400, 404, 409, 415, 422);
        }
    }

    private static async Task<IResult> List(
        HttpContext http, PaymentStore store, ReversalStore reversals, KnownNames names, string? psp, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).After(after);
        if ((query.Refused ?? await names.CheckAsync(http, new FilterNames { Psp = psp }, cancellation)) is { } refused) return Problems.Of(refused);
        var found = await store.ListAsync(new PaymentFilter(Psp: psp, Suspense: true, After: query.AfterId, Limit: query.Count + 1), cancellation);
        var reversed = await reversals.ReversedAsync([.. (found.Accepted ?? []).Select(payment => payment.Id)], cancellation);
        return found.Match(
            payments => query.Page(payments, payment => payment.Id.ToString(), payment => PaymentEndpoints.Reversed(Views.Of(payment), payment, reversed)),
            tooWide => Problems.Of(tooWide));
    }

    private static async Task<IResult> Assign(
        string id, JsonBody<AssignSpec> body, HttpContext http, IAccounts accounts, IDirectory directory, TimeProvider clock, CancellationToken cancellation)
    {
        if (!Guid.TryParse(id, out var payment)) return NotThere.Of("payment", id);
        var spec = body.Value;
        var reference = spec.ReferenceId?.Trim();
        var checks = body.Checks;
        if (string.IsNullOrWhiteSpace(spec.AccountId) || spec.AccountId.Length > PaymentNotice.NameMax)
            checks.Fault("account_id", "required", $"account_id has 1 to {PaymentNotice.NameMax} characters.");
        if (reference is { Length: 0 or > PaymentNotice.NameMax })
            checks.Fault("reference_id", "too-long", $"reference_id has 1 to {PaymentNotice.NameMax} characters.");
        if (spec.Reason is not { Length: >= 3 and <= 500 })
            checks.Fault("reason", "required", "reason has 3 to 500 characters: why this account?");
        foreach (var (field, text) in new[] { ("account_id", spec.AccountId), ("reference_id", spec.ReferenceId), ("reason", spec.Reason) })
        {
            if (UnfitCharacters.AreIn(text)) checks.Fault(field, "characters", $"{field} holds control characters, or such as turn the direction of text.");
        }

        if (checks.Refusal is not null)
        {
            // The account's own turn would say so, but only when all else is right.
            if (!checks.Names("account_id") && await directory.FindAccountAsync(Account.Canonical(spec.AccountId), cancellation) is null)
                checks.Fault("account_id", "account-unknown", $"There is no account '{Account.Canonical(spec.AccountId)}'.");
            return Problems.Of(new Refusal("assignment-malformed", "The assignment can't be used.", checks.Faults));
        }

        var account = Account.Canonical(spec.AccountId);
        var order = new AssignmentOrder(payment, account, reference, spec.Reason, http.User.Identity?.Name ?? "", clock.GetUtcNow())
        {
            Elsewhere = await ElsewhereAsync(account, reference, directory, cancellation),
        };
        return PaymentAnswer.Of(await accounts.Of(account).Assign(order));
    }

    /// <summary>Who registered a reference that an account did not, among those of its mode.</summary>
    private static async ValueTask<IReadOnlyList<string>> ElsewhereAsync(
        string account, string? reference, IDirectory directory, CancellationToken cancellation)
    {
        if (reference is null || await directory.FindAccountAsync(account, cancellation) is not { Mode: var mode }) return [];
        var owners = await directory.FindOwnersAsync(Account.Canonical(reference), mode, cancellation);
        return owners.Contains(account) ? [] : owners;
    }
}
