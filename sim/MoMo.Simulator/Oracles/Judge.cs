using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Simulator.Model;
using MoMo.Simulator.Schedule;
using MoMo.Simulator.World;

namespace MoMo.Simulator.Oracles;

/// <summary>Watches everything that happens and says which law was broken. What it knows, it knows from the outside: answers, commits, arrivals.</summary>
internal sealed class Judge
{
    private readonly Loop loop;
    private readonly Store store;
    private readonly ReversalJudge reversals;
    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> archived = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Psp, string Reference), Guid> keys = [];
    private readonly Dictionary<Guid, string> written = [];
    private readonly Dictionary<(string Psp, string Reference), (Guid Id, long? Sequence)> answered = [];
    private readonly Dictionary<(long Lane, Guid Payment), Guid> webhooks = [];
    private readonly HashSet<Guid> arrived = [];
    private readonly HashSet<Guid> attempted = [];
    private int steady;

    public Judge(Loop loop, Store store)
    {
        (this.loop, this.store) = (loop, store);
        reversals = new ReversalJudge(store, Accuse);
        Files = new FileJudge(store, Accuse);
        Replays = new ReplayJudge(loop, store, Accuse);
    }

    /// <summary>The first law that was broken.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>Watches what comes in files.</summary>
    public FileJudge Files { get; }

    /// <summary>Watches what is sent again.</summary>
    public ReplayJudge Replays { get; }

    public int Payments => keys.Count;

    public int Arrivals { get; private set; }

    public void Accuse(string oracle, string text)
    {
        Violation ??= new Violation(oracle, text, loop.Now);
        loop.Stop();
    }

    /// <summary>A turn was committed.</summary>
    public void Recorded(TurnFacts facts)
    {
        foreach (var delivery in facts.Deliveries) Replays.Recorded(delivery);
        foreach (var payment in facts.Payments)
        {
            var stands = facts.Unlinkings.Exists(one => one.PaymentId == payment.Id); // it has no key of its own
            if (!stands && !keys.TryAdd((payment.Notice.Psp, payment.Notice.PspReference), payment.Id))
                Accuse("law 3, nothing twice", $"{payment.Notice.Psp} {payment.Notice.PspReference} was recorded a second time, as {payment.Id}.");
            written[payment.Id] = Row(payment);
        }

        var given = facts.Payments.Where(one => one.Sequence is not null).Select(one => (Account: one.Decision.AccountId!, Number: one.Sequence!.Value))
            .Concat(facts.Assignments.Select(one => (Account: one.AccountId, Number: one.Sequence))).ToHashSet();
        // An account that is archived gets no payments, but what is taken back of its own.
        var back = facts.Reversals.Where(one => one.Sequence is not null).Select(one => (Account: one.AccountId!, Number: one.Sequence!.Value))
            .Concat(facts.ReversalLinks.Where(one => one.Sequence is not null).Select(one => (Account: one.AccountId!, Number: one.Sequence!.Value)));
        foreach (var (account, number) in given.Concat(back).OrderBy(one => one.Number))
        {
            var last = numbers.GetValueOrDefault(account);
            if (number != last + 1) Accuse("law 4, numbers without a gap", $"Account {account} gave {number} after {last}.");
            if (archived.ContainsKey(account) && given.Contains((account, number))) Accuse("law 7, memory is only a cache", $"Account {account} was archived and took a payment as number {number}.");
            numbers[account] = number;
        }
    }

    /// <summary>A PSP got an answer to a message.</summary>
    public void Answered(PaymentNotice notice, Outcome<TakenPayment> outcome)
    {
        var key = (notice.Psp, notice.PspReference);
        var stored = keys.TryGetValue(key, out var id) ? store.Tables.Find(id) : null;
        if (outcome.Accepted is { } taken)
        {
            if (stored is null || stored.Id != taken.Payment.Id)
                Accuse("law 2, acknowledged is stored", $"{notice.PspReference} was acknowledged as {taken.Payment.Id}, but {stored?.Id.ToString() ?? "nothing"} is stored.");
            else if (notice.DifferencesFrom(stored.Notice).Count > 0)
                Accuse("law 3, a changed repeat is refused", $"{notice.PspReference} over {notice.Amount} was acknowledged; {stored.Notice.Amount} is stored.");
            if (!answered.TryAdd(key, (taken.Payment.Id, taken.Payment.Sequence)) && taken.Payment.Assignment is null
                && answered[key] != (taken.Payment.Id, taken.Payment.Sequence))
                Accuse("law 3, same content, same answer", $"{notice.PspReference} got {answered[key]} first, then {(taken.Payment.Id, taken.Payment.Sequence)}.");
        }
        else if (outcome.Refused!.Code == "payment-differs")
        {
            if (stored is not null && notice.DifferencesFrom(stored.Notice).Count == 0)
                Accuse("law 3, same content, same answer", $"{notice.PspReference} was refused although nothing differs.");
        }
        else
        {
            Accuse("nothing is refused without a reason", $"{notice.PspReference} was refused: {outcome.Refused.Code}.");
        }
    }

    /// <summary>A PSP got an answer to a message that tells what it took back.</summary>
    public void Answered(ReversalNotice notice, Outcome<TakenReversal> outcome) => reversals.Answered(notice, outcome);

    /// <summary>An attempt to deliver begins.</summary>
    public void Attempted(Guid delivery)
    {
        attempted.Add(delivery);
        if (!store.Tables.Deliveries.ContainsKey(delivery)) Accuse("law 8, nobody is told before the commit", $"Delivery {delivery} is tried and not recorded.");
    }

    /// <summary>Whether a delivery has been tried.</summary>
    public bool WasAttempted(Guid delivery) => attempted.Contains(delivery);

    /// <summary>An account's server got a payment.</summary>
    public void Received(AccountServer server, Guid delivery, Guid payment, string account, long sequence)
    {
        Arrivals++;
        if (store.Tables.Find(payment) is not { } stored)
        {
            Accuse("law 8, nobody is told before the commit", $"{server.Account} was told of payment {payment}, which is not recorded.");
            return;
        }

        if (stored.AccountId != server.Account || account != server.Account || stored.Sequence != sequence)
            Accuse("nothing reaches an account it does not belong to", $"{server.Account} got payment {payment} of {stored.AccountId}, number {sequence} of {account}.");
        if (!webhooks.TryAdd((server.Lane, payment), delivery) && webhooks[(server.Lane, payment)] != delivery)
            Accuse("one webhook id for every attempt", $"{server.Account} got payment {payment} as {webhooks[(server.Lane, payment)]} and as {delivery}.");
        if (arrived.Add(delivery)) CheckOrder(store.Tables.Deliveries[delivery].Delivery);
    }

    /// <summary>An account's server got a reversal.</summary>
    public void ReceivedReversal(AccountServer server, Guid delivery, Guid reversal, Guid payment, long sequence)
    {
        Arrivals++;
        var stored = store.Tables.FindReversal(reversal);
        if (stored is null || stored.PaymentId != payment || stored.AccountId != server.Account || stored.Sequence != sequence)
            Accuse("nothing reaches an account it does not belong to", $"{server.Account} got reversal {reversal} of payment {payment} as number {sequence}.");
        if (!webhooks.TryAdd((server.Lane, reversal), delivery) && webhooks[(server.Lane, reversal)] != delivery)
            Accuse("one webhook id for every attempt", $"{server.Account} got reversal {reversal} as {webhooks[(server.Lane, reversal)]} and as {delivery}.");
        if (arrived.Add(delivery)) CheckOrder(store.Tables.Deliveries[delivery].Delivery);
    }

    /// <summary>Of one reference, nothing arrives for the first time before what was taken earlier, unless that was given up meanwhile.</summary>
    private void CheckOrder(Delivery came)
    {
        var order = store.Tables.Destinations[came.Lane].Order;
        if (order == DeliveryOrder.None || (order == DeliveryOrder.Reference && came.OrderKey is null)) return;
        foreach (var (id, line) in store.Tables.Deliveries)
        {
            if (line.Delivery.Lane == came.Lane && (order == DeliveryOrder.Account || line.Delivery.OrderKey == came.OrderKey)
                && line.Delivery.Sequence < came.Sequence && line is { State: "pending", RoundStart: 0 } && !arrived.Contains(id))
                Accuse("law 4, deliveries keep their order", $"Lane {came.Lane} got number {came.Sequence} of {order} {came.OrderKey} before number {line.Delivery.Sequence}.");
        }
    }

    /// <summary>An attempt was recorded.</summary>
    public void Tried(DeliveryLine line, string before)
    {
        if (before != "pending") Accuse("law 7, outcomes are fenced", $"Delivery {line.Delivery.Id} was {before} and is {line.State} by a late record.");
        if (line.State == "delivered" && !arrived.Contains(line.Delivery.Id))
            Accuse("delivered means it arrived", $"Delivery {line.Delivery.Id} is recorded as delivered; nobody got it.");
    }

    /// <summary>A failed attempt is to be repeated after a wait that nobody asked for.</summary>
    public void Waits(int attempts, TimeSpan wait)
    {
        var nominal = RetrySchedule.WaitAfter(attempts, null, new Median()) ?? TimeSpan.FromHours(1); // a probe after the last attempt
        if (wait < nominal * 0.8 || wait > nominal * 1.2) Accuse("retries keep the schedule", $"Attempt {attempts} waits {wait} instead of {nominal} ± 20 %.");
        steady = wait == nominal ? steady + 1 : 0;
        if (steady == 5) Accuse("retries are spread", $"Five waits in a row are exactly {nominal}, the last after attempt {attempts}.");
    }

    /// <summary>Somebody changed a lane's lease.</summary>
    public void Held(long lane, long mine, long current)
    {
        if (mine != current) Accuse("law 7, leases are fenced", $"The holder of lease {mine} of lane {lane} changed lease {current}.");
    }

    /// <summary>An account was archived: it gives no more numbers.</summary>
    public void Archived(string account, long last) => archived[account] = last;

    /// <summary>An account takes payments again.</summary>
    public void Unarchived(string account) => archived.Remove(account);

    /// <summary>At the end, when everything should have settled.</summary>
    public void Close()
    {
        foreach (var (id, row) in written)
        {
            var payment = store.Tables.Payments[id];
            if (Row(payment) != row) Accuse("law 6, nothing is rewritten", $"Payment {id} was {row} and is {Row(payment)}.");
            CheckProof(payment);
        }

        foreach (var (key, (id, _)) in answered)
        {
            if (!store.Tables.Payments.ContainsKey(id)) Accuse("law 2, nothing lost", $"{key.Reference} was acknowledged and is gone.");
        }

        foreach (var (id, line) in store.Tables.Deliveries)
        {
            if (line.State != "delivered") Accuse("everything settles", $"Delivery {id} in lane {line.Delivery.Lane} is {line.State} after {line.Attempts} attempts, due {line.DueAt:u}.");
            else if (!arrived.Contains(id)) Accuse("law 2, every delivery is made", $"Delivery {id} never arrived.");
        }

        Files.Close();
        Replays.Close();
        reversals.Close((lane, reversal) => webhooks.ContainsKey((lane, reversal)));
        CheckUnlinkings();
        foreach (var payment in store.Tables.Payments.Keys.Select(store.Tables.Find).OfType<Payment>())
        {
            if (payment.AccountId is { } account && store.Tables.Destinations.Values.Where(one => one.AccountId == account)
                .Any(one => !webhooks.ContainsKey((one.Lane, payment.Id))))
                Accuse("law 2, every delivery is made", $"Account {account} was never told of payment {payment.Id}.");
        }
    }

    /// <summary>What an account gave back is what stands for it, to the last unit, and that was taken from it once.</summary>
    private void CheckUnlinkings()
    {
        foreach (var (original, unlinking) in store.Tables.Unlinkings)
        {
            var (paid, rest) = (store.Tables.Payments[original].Notice, store.Tables.Payments[unlinking.PaymentId].Notice);
            var back = store.Tables.FindReversal(unlinking.ReversalId);
            var all = store.Tables.ReversalsNow.Values.Where(one => one.PaymentId == original && one.Held is null).Sum(one => one.Notice.Amount.MinorUnits);
            if (back is not { Held: null, AccountId: not null } || all != paid.Amount.MinorUnits || back.PaymentId != original || back.Notice.Amount != rest.Amount
                || (rest.Psp, rest.PspReference) != (paid.Psp, paid.PspReference))
                Accuse("law 5, money is neither made nor lost", $"Payment {unlinking.PaymentId} over {rest.Amount} stands for {original}, of which {back?.Notice.Amount} was given back.");
        }
    }

    private void CheckProof(Payment payment)
    {
        if (store.Tables.Stands(payment.Id))
        {
            var first = store.Tables.Unlinkings.Values.First(one => one.PaymentId == payment.Id);
            if (payment.Proof != store.Tables.Payments[first.OriginalId].Proof) Accuse("law 1, proof first", $"Payment {payment.Id} has another proof than the one that it stands for.");
            return;
        }

        var expected = Envelopes.Body(payment.Notice);
        if (payment.Proof.Pack is not { } pack || !store.Tables.Packs.TryGetValue(pack, out var stored)
            || !ProofPack.Read(stored, payment.Proof.Position).Body.AsSpan().SequenceEqual(expected))
            Accuse("law 1, proof first", $"The bytes of payment {payment.Id} are not where it says they are.");
    }

    private static string Row(Payment payment) =>
        $"{payment.Notice.Psp} {payment.Notice.PspReference} {payment.Notice.Amount} {payment.Decision.AccountId} {payment.Sequence} {payment.ReceivedAt:O}";

    /// <summary>The middle of every range.</summary>
    private sealed class Median : Random
    {
        public override long NextInt64(long minValue, long maxValue) => 0;
    }
}
