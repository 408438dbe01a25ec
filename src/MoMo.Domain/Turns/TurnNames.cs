using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;

namespace MoMo.Domain.Turns;

/// <summary>What the new payments of a turn may be called by when they are taken back.</summary>
internal sealed class TurnNames
{
    private readonly Dictionary<(string Psp, string Reference), Guid> references = [];
    private readonly Dictionary<(string Psp, string Id, bool IsTest), List<Guid>> endToEnd = [];

    public TurnNames(IEnumerable<(Guid Id, PaymentNotice Notice)> taken)
    {
        foreach (var (id, notice) in taken)
        {
            references[(notice.Psp, notice.PspReference)] = id;
            if (EndToEnd.Of(notice.Metadata) is not { } name) continue;
            var key = (notice.Psp, name, Intake.IsTest(notice.PspReference));
            if (!endToEnd.TryGetValue(key, out var named)) endToEnd[key] = named = [];
            named.Add(id);
        }
    }

    /// <summary>
    /// The payment that a reversal takes back: the one that it names, else the only one that has its end-to-end id, in the store and the turn together.
    /// </summary>
    /// <returns>Null when there is none, or nobody can tell which.</returns>
    public Guid? Find(ReversalNotice notice, Originals stored)
    {
        if (stored.Named is { } named) return named;
        if (notice.OriginalReference is { } reference && references.TryGetValue((notice.Psp, reference), out var original)) return original;
        List<Guid> here = notice.EndToEndId is { } id && endToEnd.TryGetValue((notice.Psp, id, Intake.IsTest(notice.PspReference)), out var found) ? found : [];
        return stored.EndToEnd.Count + here.Count == 1 ? stored.EndToEnd.Concat(here).First() : null;
    }
}
