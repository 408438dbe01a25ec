using System.Text;
using MoMo.Domain.Deliveries;

namespace MoMo.Edge.Drops;

/// <summary>An event as a webhook's body has it, and first of all <c>delivery_id</c>: the same on every attempt, so that repeats can be told.</summary>
internal static class EventLine
{
    /// <summary>One line of JSON, without its end.</summary>
    public static byte[] Of(DeliveryMessage message) => [.. Encoding.ASCII.GetBytes($"{{\"delivery_id\":\"{message.DeliveryId}\","), .. message.Body.Span[1..]];
}
