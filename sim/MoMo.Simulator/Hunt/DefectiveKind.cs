using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Simulator.Hunt;

/// <summary>A way of telling accounts that breaks a promise.</summary>
internal sealed class DefectiveKind(IDestinationKind inner, Defect defect, Ids ids) : IDestinationKind
{
    private readonly Dictionary<Uri, IReadOnlyList<byte[]>> seen = [];

    public string Kind => inner.Kind;

    public async Task<AttemptResult> SendAsync(DeliveryMessage message, CancellationToken cancellation)
    {
        if (defect == Defect.StaleSecret)
        {
            seen.TryAdd(message.Url, message.Secrets);
            message = message with { Secrets = seen[message.Url] };
        }

        if (defect == Defect.NewIdEachAttempt) message = message with { DeliveryId = ids.Next() };
        var result = await inner.SendAsync(message, cancellation);
        return defect == Defect.AnyAnswerCounts && result.Status is not null ? result with { Verdict = AttemptVerdict.Delivered } : result;
    }
}
