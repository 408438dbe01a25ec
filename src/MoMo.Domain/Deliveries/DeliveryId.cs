using System.Buffers.Binary;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// The id of the delivery of a payment in a lane. It follows from both, so that it is the same whoever works it out and whenever, also when nothing of
/// the delivery is stored yet. Rises as payments' ids do.
/// </summary>
public static class DeliveryId
{
    /// <summary>
    /// The payment's id, with the lane's number in its last four bytes (exclusive or): other lanes have other ids of the same payment, and the rest of
    /// the payment's id, of which 26 bits are chance and 60 time and count, keeps those of different payments apart.
    /// </summary>
    /// <param name="payment">The payment; or a delivery: then its payment is what comes back.</param>
    /// <param name="lane">From 1 to 4,294,967,295.</param>
    public static Guid Of(Guid payment, long lane)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lane);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lane, uint.MaxValue);
        Span<byte> bytes = stackalloc byte[16];
        payment.TryWriteBytes(bytes, bigEndian: true, out _);
        var last = bytes[12..];
        BinaryPrimitives.WriteUInt32BigEndian(last, BinaryPrimitives.ReadUInt32BigEndian(last) ^ (uint)lane);
        return new Guid(bytes, bigEndian: true);
    }
}
