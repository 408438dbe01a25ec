using MoMo.Domain.Reversals;
using MoMo.Engine;
using MoMo.Simulator.Model;

namespace MoMo.Simulator.Oracles;

/// <summary>Watches what is taken back: it is with whoever has the payment, once, and never more than was paid.</summary>
internal sealed class ReversalJudge(Store store, Action<string, string> accuse)
{
    private readonly Dictionary<(string Psp, string Reference), Guid> answered = [];

    /// <summary>A PSP got an answer to a message.</summary>
    public void Answered(ReversalNotice notice, Outcome<TakenReversal> outcome)
    {
        if (outcome.Accepted is { } taken)
        {
            var stored = store.Tables.FindReversal(taken.Reversal.Id);
            if (stored is null || notice.DifferencesFrom(stored.Notice).Count > 0)
                accuse("law 2, acknowledged is stored", $"Reversal {notice.PspReference} was acknowledged; {stored?.Notice.Amount.ToString() ?? "nothing"} is stored.");
            if (!answered.TryAdd((notice.Psp, notice.PspReference), taken.Reversal.Id) && answered[(notice.Psp, notice.PspReference)] != taken.Reversal.Id)
                accuse("law 3, same content, same answer", $"Reversal {notice.PspReference} got two answers.");
        }
        else if (outcome.Refused!.Code != "reversal-differs")
        {
            accuse("nothing is refused without a reason", $"Reversal {notice.PspReference} was refused: {outcome.Refused.Code}.");
        }
    }

    /// <summary>At the end, when everything should have settled.</summary>
    /// <param name="told">Whether a lane's server was told of a reversal.</param>
    public void Close(Func<long, Guid, bool> told)
    {
        foreach (var (key, id) in answered)
        {
            if (!store.Tables.ReversalsNow.ContainsKey(id)) accuse("law 2, nothing lost", $"Reversal {key.Reference} was acknowledged and is gone.");
        }

        var all = store.Tables.ReversalsNow.Values.ToList();
        foreach (var reversal in all) Check(reversal, told);
        foreach (var group in all.Where(one => one.PaymentId is not null).GroupBy(one => one.PaymentId!.Value))
        {
            var paid = store.Tables.Payments[group.Key].Notice.Amount.MinorUnits;
            var counted = group.Where(one => one.Held is null).Sum(one => one.Notice.Amount.MinorUnits);
            if (counted > paid) accuse("law 5, never more is taken back than was paid", $"Of payment {group.Key} over {paid} {counted} were taken back.");
            foreach (var held in group.Where(one => one.Held is not null))
            {
                if (held.Notice.Amount.MinorUnits + counted <= paid) accuse("nothing is held without a reason", $"Reversal {held.Notice.PspReference} is {held.Held}.");
            }
        }
    }

    private void Check(Reversal reversal, Func<long, Guid, bool> told)
    {
        var name = reversal.Notice.PspReference;
        if (reversal.PaymentId is not { } payment)
        {
            if (store.Tables.Keys.ContainsKey((reversal.Notice.Psp, reversal.Notice.OriginalReference!)))
                accuse("a reversal finds its payment", $"Reversal {name} is orphaned, and its payment is there.");
            return;
        }

        if (reversal.Held is not null) return;
        var owner = store.Tables.Find(payment)?.AccountId;
        if (reversal.AccountId != owner) accuse("a reversal is with its payment's account", $"Reversal {name} is {reversal.AccountId}'s, its payment {owner}'s.");
        foreach (var destination in store.Tables.Destinations.Values.Where(one => one.AccountId == owner))
        {
            if (!told(destination.Lane, reversal.Id)) accuse("law 2, every delivery is made", $"Account {owner} was never told of reversal {name}.");
        }
    }
}
