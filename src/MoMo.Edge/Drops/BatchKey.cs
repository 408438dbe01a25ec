using System.Security.Cryptography;
using System.Text;
using MoMo.Domain.Deliveries;

namespace MoMo.Edge.Drops;

/// <summary>What deliveries that are sent together are known by: the same ones have the same key, any others another.</summary>
public static class BatchKey
{
    /// <summary>The delivery's id; of several the first's and a digest of all.</summary>
    /// <param name="messages">At least one.</param>
    public static string Of(IReadOnlyList<DeliveryMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var first = messages[0].DeliveryId.ToString();
        if (messages.Count == 1) return first;
        var all = SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', messages.Select(one => one.DeliveryId))));
        return $"{first}.{Convert.ToHexStringLower(all.AsSpan(0, 8))}";
    }
}
