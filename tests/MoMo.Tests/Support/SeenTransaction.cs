using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;

namespace MoMo.Tests.Support;

/// <summary>A real transaction whose way is seen.</summary>
/// <param name="inner">It.</param>
/// <param name="way">Gets what was asked: <c>begin</c>, <c>record</c>, <c>wrong</c> after a record that memory was wrong about.</param>
/// <param name="faults">What happens in place of the next records; by default they are made.</param>
internal sealed class SeenTransaction(ITurnTransaction inner, ICollection<string> way, Queue<Exception>? faults = null) : ITurnTransaction
{
    public Task BeginAloneAsync(CancellationToken cancellation) => inner.BeginAloneAsync(cancellation);

    public ValueTask<long> NextPackAsync(CancellationToken cancellation) => inner.NextPackAsync(cancellation);

    public async Task<bool> RecordAsync(TurnFacts facts, IReadOnlyList<MovedAccount> moved, CancellationToken cancellation)
    {
        way.Add("record");
        if (faults is not null && faults.TryDequeue(out var fault)) throw fault;
        var recorded = await inner.RecordAsync(facts, moved, cancellation);
        if (!recorded) way.Add("wrong");
        return recorded;
    }

    public Task<TurnClaims> BeginAsync(
        IReadOnlyList<TakePayment> takes, IReadOnlyCollection<string> psps, IReadOnlyCollection<string> fence, CancellationToken cancellation)
    {
        way.Add("begin");
        return inner.BeginAsync(takes, psps, fence, cancellation);
    }

    public Task<IReadOnlyList<FencedAccount>> FenceAsync(IReadOnlyCollection<string> accounts, CancellationToken cancellation) =>
        inner.FenceAsync(accounts, cancellation);

    public Task<IReadOnlyDictionary<int, Guid>> FindRepeatsAsync(IReadOnlyList<TakePayment> takes, CancellationToken cancellation) =>
        inner.FindRepeatsAsync(takes, cancellation);

    public Task<IReadOnlyList<Payment>> FindPaymentsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation) =>
        inner.FindPaymentsAsync(ids, cancellation);

    public Task<IReadOnlyList<Unlinking>> FindUnlinkingsAsync(IReadOnlyCollection<Guid> payments, CancellationToken cancellation) =>
        inner.FindUnlinkingsAsync(payments, cancellation);

    public Task<IReadOnlyDictionary<int, Originals>> FindOriginalsAsync(IReadOnlyList<TakeReversal> takes, CancellationToken cancellation) =>
        inner.FindOriginalsAsync(takes, cancellation);

    public Task<IReadOnlyList<Reversal>> FindReversalsAsync(
        IReadOnlyCollection<Guid> payments, IReadOnlyList<TakeReversal> takes, CancellationToken cancellation) =>
        inner.FindReversalsAsync(payments, takes, cancellation);

    public Task<IReadOnlyList<ProofLink>> FindKeptAsync(IReadOnlyCollection<byte[]> sha256, CancellationToken cancellation) =>
        inner.FindKeptAsync(sha256, cancellation);

    public Task<IReadOnlyList<Account>> LoadAccountsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        inner.LoadAccountsAsync(ids, cancellation);

    public Task CommitAsync(TurnFacts facts, CancellationToken cancellation) => inner.CommitAsync(facts, cancellation);

    public Task RollbackAsync() => inner.RollbackAsync();

    public Exception Explain(Exception fault) => inner.Explain(fault);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
