using MoMo.Domain.Accounts;

namespace MoMo.Domain.Payments;

/// <summary>Which payments to list; null asks for all. Newest first.</summary>
/// <param name="AccountId">Of this account.</param>
/// <param name="ReferenceId">For this reference, as it was given or found.</param>
/// <param name="Psp">From this PSP.</param>
/// <param name="PspReference">With this id at the PSP.</param>
/// <param name="Suspense">True: only those in suspense. False: only those that an account has.</param>
/// <param name="From">Received at this moment or later.</param>
/// <param name="To">Received before this moment.</param>
/// <param name="After">Older than this payment: the last of the page before.</param>
/// <param name="Limit">At most so many; from 1 to 500.</param>
/// <param name="Numbers">With these numbers of the account.</param>
public sealed record PaymentFilter(
    string? AccountId = null,
    string? ReferenceId = null,
    string? Psp = null,
    string? PspReference = null,
    bool? Suspense = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    Guid? After = null,
    int Limit = 50,
    NumberRange Numbers = default);
