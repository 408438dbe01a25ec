using MoMo.Domain.Payments;

namespace MoMo.Domain.Turns;

/// <summary>The order in which every silo claims keys: two turns that want the same keys wait for each other, never in a ring.</summary>
internal sealed class KeyOrder : IComparer<TakePayment>, IComparer<Payment>
{
    public static readonly KeyOrder Instance = new();

    public int Compare(TakePayment? left, TakePayment? right)
    {
        var (one, other) = (left!.Arrival, right!.Arrival);
        return Compare(one.Notice, one.Id, other.Notice, other.Id);
    }

    public int Compare(Payment? left, Payment? right) => Compare(left!.Notice, left.Id, right!.Notice, right.Id);

    private static int Compare(PaymentNotice one, Guid oneId, PaymentNotice other, Guid otherId)
    {
        var order = string.CompareOrdinal(one.Psp, other.Psp);
        if (order == 0) order = string.CompareOrdinal(one.PspReference, other.PspReference);
        return order != 0 ? order : oneId.CompareTo(otherId); // of two in one turn the first to arrive is the payment; turns side by side claim in any order
    }
}
