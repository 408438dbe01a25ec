using MoMo.Domain.Payments;

namespace MoMo.Domain.Turns;

/// <summary>The order in which every silo claims keys: two turns that want the same keys wait for each other, never in a ring.</summary>
internal sealed class KeyOrder : IComparer<TakePayment>
{
    public static readonly KeyOrder Instance = new();

    public int Compare(TakePayment? left, TakePayment? right)
    {
        var (one, other) = (left!.Arrival, right!.Arrival);
        var order = string.CompareOrdinal(one.Notice.Psp, other.Notice.Psp);
        if (order == 0) order = string.CompareOrdinal(one.Notice.PspReference, other.Notice.PspReference);
        return order != 0 ? order : one.Id.CompareTo(other.Id); // of two in one turn the first to arrive is the payment; turns side by side claim in any order
    }
}
