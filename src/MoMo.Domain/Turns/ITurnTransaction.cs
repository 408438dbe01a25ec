using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;

namespace MoMo.Domain.Turns;

/// <summary>
/// The store as a turn sees it: one transaction after another on a connection of its own. Whoever claims or fences waits for others who hold the
/// same until they commit or roll back; what they committed is then seen.
/// </summary>
public interface ITurnTransaction : IAsyncDisposable
{
    /// <summary>
    /// Begins before <see cref="BeginAsync"/> does, and waits until no other turn runs: for turns that take reversals, or payments that were taken back
    /// before they came. Whether a payment is there then stays as it was found.
    /// </summary>
    Task BeginAloneAsync(CancellationToken cancellation);

    /// <summary>The number for the pack of a turn that is decided from memory.</summary>
    ValueTask<long> NextPackAsync(CancellationToken cancellation);

    /// <summary>
    /// All of a turn that was decided from memory, at once: claims the keys of its payments, fences its accounts, records it and commits, if what memory
    /// said still holds. That is: the PSPs are there and not archived, the keys new, nothing of it was taken back before, the accounts and their last
    /// numbers as <paramref name="moved"/> says.
    /// </summary>
    /// <param name="facts">Payments in the order of <see cref="KeyOrder"/>, a pack, and what follows from them; nothing else.</param>
    /// <param name="moved">All accounts that the turn decided for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when memory was wrong: nothing was recorded, and nothing is held.</returns>
    Task<bool> RecordAsync(TurnFacts facts, IReadOnlyList<MovedAccount> moved, CancellationToken cancellation);

    /// <summary>Begins, takes a number for a pack, and claims the keys (psp, psp_reference) of payments for ever, unless rolled back.</summary>
    /// <param name="takes">In the order of <see cref="KeyOrder"/>, which all silos share: turns wait for each other, never in a ring.</param>
    /// <param name="psps">PSPs that must stay while the transaction lasts.</param>
    /// <param name="fence">Accounts to fence in the same way; empty for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<TurnClaims> BeginAsync(
        IReadOnlyList<TakePayment> takes, IReadOnlyCollection<string> psps, IReadOnlyCollection<string> fence, CancellationToken cancellation);

    /// <summary>Locks accounts: until this transaction ends nobody else, in this silo or another, decides for them. Unknown ones are left out.</summary>
    Task<IReadOnlyList<FencedAccount>> FenceAsync(IReadOnlyCollection<string> accounts, CancellationToken cancellation);

    /// <summary>Of payments whose keys were claimed by others before, the ids of those.</summary>
    /// <returns>By place in <paramref name="takes"/>.</returns>
    Task<IReadOnlyDictionary<int, Guid>> FindRepeatsAsync(IReadOnlyList<TakePayment> takes, CancellationToken cancellation);

    /// <summary>Payments as they were recorded; unknown ones are left out.</summary>
    Task<IReadOnlyList<Payment>> FindPaymentsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation);

    /// <summary>How payments were taken from their accounts before; those that were not are left out.</summary>
    Task<IReadOnlyList<Unlinking>> FindUnlinkingsAsync(IReadOnlyCollection<Guid> payments, CancellationToken cancellation);

    /// <summary>
    /// The payments that reversals may take back, of those that are recorded; one that this transaction claimed the key of may be named already. Of one that
    /// was unlinked, the one that stands for it now.
    /// </summary>
    /// <returns>By place in <paramref name="takes"/>; those that have none are left out.</returns>
    Task<IReadOnlyDictionary<int, Originals>> FindOriginalsAsync(IReadOnlyList<TakeReversal> takes, CancellationToken cancellation);

    /// <summary>Reversals as they stand: of these payments, and those with the keys (psp, psp_reference) of these; in the order of their ids.</summary>
    Task<IReadOnlyList<Reversal>> FindReversalsAsync(
        IReadOnlyCollection<Guid> payments, IReadOnlyList<TakeReversal> takes, CancellationToken cancellation);

    /// <summary>Of messages, by SHA-256, those that were kept on their own before.</summary>
    Task<IReadOnlyList<ProofLink>> FindKeptAsync(IReadOnlyCollection<byte[]> sha256, CancellationToken cancellation);

    /// <summary>Accounts with their destinations, as their actors remember them; unknown ones are left out.</summary>
    Task<IReadOnlyList<Account>> LoadAccountsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation);

    /// <summary>Records what was decided, and commits. When it throws, the commit may have happened all the same.</summary>
    Task CommitAsync(TurnFacts facts, CancellationToken cancellation);

    /// <summary>Takes everything back, claims and fences too.</summary>
    Task RollbackAsync();

    /// <summary>What a fault in the middle of a transaction means for its turn.</summary>
    /// <returns>
    /// <see cref="Engine.TurnLostException"/>: nothing was recorded, run it again. <see cref="Engine.TurnPoisonedException"/>: nothing was recorded,
    /// the data of a command is to blame. Any other: nobody knows whether it was recorded.
    /// </returns>
    Exception Explain(Exception fault);
}
