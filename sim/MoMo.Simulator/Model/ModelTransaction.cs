using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;
using MoMo.Engine;

namespace MoMo.Simulator.Model;

/// <summary>A turn's transactions on the model; statement by statement as TurnTransaction does it in SQL.</summary>
internal sealed class ModelTransaction(Store store, Link link) : ITurnTransaction
{
    private Session? session;
    private bool committing;

    public Task BeginAloneAsync(CancellationToken cancellation)
    {
        committing = false;
        var mine = session ??= link.Connect();
        return link.AskAsync(mine, async () =>
        {
            mine.IsOpen = true;
            await store.Reversals.TakeAsync(mine, alone: true);
            return true;
        });
    }

    public ValueTask<long> NextPackAsync(CancellationToken cancellation)
    {
        committing = false;
        session ??= link.Connect();
        return new ValueTask<long>(Ask(() => ++store.Tables.PackIds));
    }

    public Task<bool> RecordAsync(TurnFacts facts, IReadOnlyList<MovedAccount> moved, CancellationToken cancellation)
    {
        var mine = session!;
        committing = true;
        return link.AskAsync(mine, async () =>
        {
            mine.IsOpen = true;
            if (await ClaimAsync(mine, facts) && await FenceAsync(mine, moved))
            {
                store.Commit(mine, facts);
                return true;
            }

            store.End(mine);
            return false;
        });
    }

    public Task<TurnClaims> BeginAsync(
        IReadOnlyList<TakePayment> takes, IReadOnlyCollection<string> psps, IReadOnlyCollection<string> fence, CancellationToken cancellation)
    {
        committing = false;
        var mine = session ??= link.Connect();
        (string Psp, string Reference, Guid Id)[] keys = [.. takes.Select(one => (one.Arrival.Notice.Psp, one.Arrival.Notice.PspReference, one.Arrival.Id))];
        PaymentNotice[] notices = [.. takes.Select(one => one.Arrival.Notice)];
        string[] wanted = [.. psps];
        string[] accounts = [.. fence];
        return link.AskAsync(mine, async () =>
        {
            mine.IsOpen = true;
            var pack = ++store.Tables.PackIds;
            await store.Reversals.TakeAsync(mine, alone: false);
            var known = wanted.Where(IsKnown).ToHashSet(StringComparer.Ordinal);
            var fresh = 0;
            foreach (var (psp, reference, id) in keys)
            {
                if (await ClaimAsync(mine, psp, reference, id)) fresh++;
            }

            List<Reversal> orphans = [.. Orphans(notices)];
            return new TurnClaims(pack, known, fresh, await LockAsync(mine, accounts)) { Orphans = orphans };
        });
    }

    public Task<IReadOnlyList<FencedAccount>> FenceAsync(IReadOnlyCollection<string> accounts, CancellationToken cancellation)
    {
        string[] wanted = [.. accounts];
        return link.AskAsync(session!, () => LockAsync(session!, wanted));
    }

    public Task<IReadOnlyDictionary<int, Guid>> FindRepeatsAsync(IReadOnlyList<TakePayment> takes, CancellationToken cancellation)
    {
        var mine = session!;
        (string Psp, string Reference, Guid Id)[] keys = [.. takes.Select(one => (one.Arrival.Notice.Psp, one.Arrival.Notice.PspReference, one.Arrival.Id))];
        return Ask<IReadOnlyDictionary<int, Guid>>(() =>
        {
            Dictionary<int, Guid> repeats = [];
            for (var place = 0; place < keys.Length; place++)
            {
                var (psp, reference, id) = keys[place];
                var first = mine.Keys.TryGetValue((psp, reference), out var claimed) ? claimed : store.Tables.Keys[(psp, reference)];
                if (first != id) repeats[place] = first;
            }

            return repeats;
        });
    }

    public Task<IReadOnlyList<Payment>> FindPaymentsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        Guid[] wanted = [.. ids];
        return Ask<IReadOnlyList<Payment>>(() => [.. wanted.Distinct().Select(store.Tables.Find).OfType<Payment>()]);
    }

    public Task<IReadOnlyList<Unlinking>> FindUnlinkingsAsync(IReadOnlyCollection<Guid> payments, CancellationToken cancellation)
    {
        Guid[] wanted = [.. payments];
        return Ask<IReadOnlyList<Unlinking>>(() => [.. wanted.Distinct().Select(store.Tables.Unlinkings.GetValueOrDefault).OfType<Unlinking>()]);
    }

    public Task<IReadOnlyDictionary<int, Originals>> FindOriginalsAsync(IReadOnlyList<TakeReversal> takes, CancellationToken cancellation)
    {
        ReversalNotice[] notices = [.. takes.Select(one => one.Notice)];
        return Ask<IReadOnlyDictionary<int, Originals>>(() =>
        {
            Dictionary<int, Originals> originals = [];
            for (var place = 0; place < notices.Length; place++)
            {
                if (Find(notices[place]) is var found && found != Originals.None) originals[place] = found;
            }

            return originals;
        });
    }

    public Task<IReadOnlyList<Reversal>> FindReversalsAsync(
        IReadOnlyCollection<Guid> payments, IReadOnlyList<TakeReversal> takes, CancellationToken cancellation)
    {
        HashSet<Guid> wanted = [.. payments];
        HashSet<(string, string)> keys = [.. takes.Select(one => (one.Notice.Psp, one.Notice.PspReference))];
        return Ask<IReadOnlyList<Reversal>>(() => [.. store.Tables.ReversalsNow.Values.Where(one =>
            (one.PaymentId is { } payment && wanted.Contains(payment)) || keys.Contains((one.Notice.Psp, one.Notice.PspReference)))]);
    }

    public Task<IReadOnlyList<ProofLink>> FindKeptAsync(IReadOnlyCollection<byte[]> sha256, CancellationToken cancellation)
    {
        string[] wanted = [.. sha256.Select(Convert.ToHexString).Distinct()];
        return Ask<IReadOnlyList<ProofLink>>(() => [.. wanted.Select(one => store.Tables.Kept.GetValueOrDefault(one)).OfType<ProofLink>()]);
    }

    public Task<IReadOnlyList<Account>> LoadAccountsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        string[] wanted = [.. ids];
        return Ask<IReadOnlyList<Account>>(() => [.. wanted.Select(Load).OfType<Account>()]);
    }

    public async Task CommitAsync(TurnFacts facts, CancellationToken cancellation)
    {
        var mine = session!;
        committing = true;
        await link.AskAsync(mine, () =>
        {
            store.Commit(mine, facts);
            return Task.FromResult(true);
        });
    }

    public Task RollbackAsync()
    {
        var mine = session!;
        return Ask(() =>
        {
            store.End(mine);
            return true;
        });
    }

    public Exception Explain(Exception fault) => fault switch
    {
        ModelFault { Kind: ModelFaultKind.Cut } when !committing => new TurnLostException("The connection was cut.", fault),
        ModelFault { Kind: ModelFaultKind.Cut } => fault,
        ModelFault => new TurnLostException("Another turn was first.", fault),
        OperationCanceledException => fault,
        _ => new TurnPoisonedException($"A command can't be decided: {fault.Message}", fault),
    };

    public ValueTask DisposeAsync()
    {
        if (session is { } open) store.Break(open);
        session = null;
        return ValueTask.CompletedTask;
    }

    private Task<T> Ask<T>(Func<T> statement) => link.AskAsync(session!, () => Task.FromResult(statement()));

    private Originals Find(ReversalNotice notice)
    {
        Guid? named = notice.OriginalReference is { } reference && store.Tables.Keys.TryGetValue((notice.Psp, reference), out var original) ? original : null;
        Guid[] endToEnd = [.. SameEndToEnd(notice).Take(2).Select(store.Tables.Now)];
        return named is null && endToEnd.Length == 0 ? Originals.None : new Originals(named is { } one ? store.Tables.Now(one) : null, endToEnd);
    }

    private IEnumerable<Guid> SameEndToEnd(ReversalNotice notice) =>
        notice.EndToEndId is null ? [] : store.Tables.Payments.Values.Where(one => !store.Tables.Stands(one.Id) && notice.MayMean(one.Notice)).Select(one => one.Id);

    private bool IsKnown(string psp) => store.Tables.Psps.TryGetValue(psp, out var archived) && !archived;

    private IEnumerable<Reversal> Orphans(PaymentNotice[] notices) => store.Tables.Orphans.Select(one => store.Tables.ReversalsNow[one]).Where(one =>
        notices.Any(one.Notice.Names) || (notices.Any(one.Notice.MayMean) && !SameEndToEnd(one.Notice).Any()));

    private async Task<bool> ClaimAsync(Session mine, TurnFacts facts)
    {
        await store.Reversals.TakeAsync(mine, alone: false);
        if (!facts.Payments.TrueForAll(one => IsKnown(one.Notice.Psp))) return false;
        foreach (var payment in facts.Payments)
        {
            if (!await ClaimAsync(mine, payment.Notice.Psp, payment.Notice.PspReference, payment.Id)) return false;
        }

        return !Orphans([.. facts.Payments.Select(one => one.Notice)]).Any();
    }

    private async Task<bool> FenceAsync(Session mine, IReadOnlyList<MovedAccount> moved)
    {
        var fenced = await LockAsync(mine, [.. moved.Select(one => one.Id)]);
        return store.Defects.MemoryNotCompared || moved.All(one => fenced.Any(found => (found.Id, found.Version, found.Sequence) == (one.Id, one.Version, one.From)));
    }

    private async Task<bool> ClaimAsync(Session mine, string psp, string reference, Guid id)
    {
        if (store.Tables.Keys.ContainsKey((psp, reference)) || mine.Keys.ContainsKey((psp, reference))) return false;
        await store.Locks.TakeAsync(mine, $"key {psp} {reference}");
        return !store.Tables.Keys.ContainsKey((psp, reference)) && mine.Keys.TryAdd((psp, reference), id);
    }

    private async Task<IReadOnlyList<FencedAccount>> LockAsync(Session mine, string[] accounts)
    {
        List<FencedAccount> fenced = [];
        foreach (var id in accounts.Order(StringComparer.Ordinal))
        {
            if (!store.Tables.Accounts.TryGetValue(id, out var line)) continue;
            if (!store.Defects.HeadsNotLocked) await store.Locks.TakeAsync(mine, $"head {id}");
            fenced.Add(new FencedAccount(id, line.Sequence, line.Version));
        }

        return fenced;
    }

    private Account? Load(string id) => store.Tables.Accounts.TryGetValue(id, out var line)
        ? new Account(id, id, line.LookupUrl, line.Archived, line.Version, [.. store.Tables.Destinations.Values.Where(one => one.AccountId == id)
            .Select(one => new Destination(one.Lane, $"d{one.Lane}", "webhook", one.Paused))])
        : null;
}
