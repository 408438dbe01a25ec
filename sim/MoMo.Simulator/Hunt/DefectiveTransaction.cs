using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Simulator.Model;

namespace MoMo.Simulator.Hunt;

/// <summary>A turn's transaction with a planted defect between the turn and the store.</summary>
/// <param name="inner">The store.</param>
/// <param name="defect">What is broken.</param>
/// <param name="remembered">What the silo's memory holds, for defects that trust it.</param>
/// <param name="tables">What is committed.</param>
/// <param name="tell">Tells the receivers at once.</param>
internal sealed class DefectiveTransaction(
    ITurnTransaction inner, Defect defect, HashSet<(string, string)> remembered, Tables tables, Action<TurnFacts> tell) : ITurnTransaction
{
    private int repeats;

    public Task BeginAloneAsync(CancellationToken cancellation) => inner.BeginAloneAsync(cancellation);

    public ValueTask<long> NextPackAsync(CancellationToken cancellation) => inner.NextPackAsync(cancellation);

    public async Task<bool> RecordAsync(TurnFacts facts, IReadOnlyList<MovedAccount> moved, CancellationToken cancellation)
    {
        if (defect == Defect.DedupeInMemory) return false; // it shows in the long way
        repeats = 0;
        Spoil(facts);
        if (defect == Defect.NotifyBeforeCommit) tell(facts);
        var recording = inner.RecordAsync(facts, moved, cancellation);
        return defect == Defect.AnswerBeforeCommit || await recording;
    }

    public async Task<TurnClaims> BeginAsync(
        IReadOnlyList<TakePayment> takes, IReadOnlyCollection<string> psps, IReadOnlyCollection<string> fence, CancellationToken cancellation)
    {
        repeats = 0;
        if (defect == Defect.DedupeInMemory)
        {
            var claims = await inner.BeginAsync([], psps, fence, cancellation);
            return claims with { NewKeys = takes.Count(take => remembered.Add((take.Arrival.Notice.Psp, take.Arrival.Notice.PspReference))) };
        }

        var begun = Stale(await inner.BeginAsync(takes, psps, fence, cancellation));
        return defect == Defect.OrphansForgotten ? begun with { Orphans = [] } : begun;
    }

    public async Task<IReadOnlyList<FencedAccount>> FenceAsync(IReadOnlyCollection<string> accounts, CancellationToken cancellation) =>
        Stale(await inner.FenceAsync(accounts, cancellation));

    public async Task<IReadOnlyDictionary<int, Guid>> FindRepeatsAsync(IReadOnlyList<TakePayment> takes, CancellationToken cancellation)
    {
        if (defect == Defect.DedupeInMemory)
        {
            Dictionary<int, Guid> known = [];
            for (var place = 0; place < takes.Count; place++)
            {
                var notice = takes[place].Arrival.Notice;
                var first = tables.Payments.Values.FirstOrDefault(one => one.Notice.Psp == notice.Psp && one.Notice.PspReference == notice.PspReference);
                if (first is not null) known[place] = first.Id;
            }

            return known;
        }

        var found = await inner.FindRepeatsAsync(takes, cancellation);
        repeats = found.Count;
        return found;
    }

    public Task<IReadOnlyList<Unlinking>> FindUnlinkingsAsync(IReadOnlyCollection<Guid> payments, CancellationToken cancellation) =>
        inner.FindUnlinkingsAsync(payments, cancellation);

    public Task<IReadOnlyDictionary<int, Originals>> FindOriginalsAsync(IReadOnlyList<TakeReversal> takes, CancellationToken cancellation) =>
        inner.FindOriginalsAsync(takes, cancellation);

    public Task<IReadOnlyList<Reversal>> FindReversalsAsync(
        IReadOnlyCollection<Guid> payments, IReadOnlyList<TakeReversal> takes, CancellationToken cancellation) =>
        inner.FindReversalsAsync(defect == (takes.Count > 0 ? Defect.ReversedTooMuch : Defect.UnlinkedTooMuch) ? [] : payments, takes, cancellation);

    public Task<IReadOnlyList<Payment>> FindPaymentsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation) => inner.FindPaymentsAsync(ids, cancellation);

    public Task<IReadOnlyList<ProofLink>> FindKeptAsync(IReadOnlyCollection<byte[]> sha256, CancellationToken cancellation) => inner.FindKeptAsync(sha256, cancellation);

    public async Task<IReadOnlyList<Account>> LoadAccountsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var accounts = await inner.LoadAccountsAsync(ids, cancellation);
        return defect == Defect.StaleActors ? [.. accounts.Select(one => one with { Version = 1 })] : accounts;
    }

    public async Task CommitAsync(TurnFacts facts, CancellationToken cancellation)
    {
        Spoil(facts);
        if (defect == Defect.NotifyBeforeCommit) tell(facts);
        var committing = inner.CommitAsync(facts, cancellation);
        if (defect != Defect.AnswerBeforeCommit) await committing;
    }

    public Task RollbackAsync() => inner.RollbackAsync();

    public Exception Explain(Exception fault) => inner.Explain(fault);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Spoil(TurnFacts facts)
    {
        switch (defect)
        {
            case Defect.ProofForgotten:
                facts.Pack = null;
                break;
            case Defect.NumberLost when repeats > 0 && facts.Advanced.Count > 0:
                facts.Advanced[0] = (facts.Advanced[0].AccountId, facts.Advanced[0].Sequence + 1);
                break;
            case Defect.AssignmentRewrites:
                foreach (var one in facts.Assignments)
                {
                    var payment = tables.Payments[one.PaymentId];
                    tables.Payments[one.PaymentId] = payment with { Decision = payment.Decision with { AccountId = one.AccountId } };
                }

                break;
            case Defect.WrongLane:
                for (var place = 0; place < facts.Deliveries.Count; place++)
                {
                    var one = facts.Deliveries[place];
                    if (one.Sequence % 7 == 0) facts.Deliveries[place] = one with { Lane = (one.Lane % tables.Destinations.Count) + 1 };
                }

                break;
        }
    }

    private TurnClaims Stale(TurnClaims claims) => defect == Defect.StaleActors ? claims with { Fenced = Stale(claims.Fenced) } : claims;

    private IReadOnlyList<FencedAccount> Stale(IReadOnlyList<FencedAccount> fenced) =>
        defect == Defect.StaleActors ? [.. fenced.Select(one => one with { Version = 1 })] : fenced;
}
