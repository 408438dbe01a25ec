using MoMo.Domain.Accounts;

namespace MoMo.Storage.Reversals;

/// <summary>Which reversals to list; null asks for all. Newest first.</summary>
/// <param name="AccountId">Of this account.</param>
/// <param name="PaymentId">Of this payment.</param>
/// <param name="Psp">From this PSP.</param>
/// <param name="Status"><c>accepted</c>, <c>suspense</c>, <c>orphaned</c> or <c>held</c>.</param>
/// <param name="After">Older than this one: the last of the page before.</param>
/// <param name="Limit">At most so many; from 1 to 501.</param>
/// <param name="Numbers">With these numbers of the account.</param>
public sealed record ReversalFilter(
    string? AccountId = null, Guid? PaymentId = null, string? Psp = null, string? Status = null, Guid? After = null, int Limit = 50, NumberRange Numbers = default);
