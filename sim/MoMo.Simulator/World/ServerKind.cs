using MoMo.Domain.Deliveries;

namespace MoMo.Simulator.World;

/// <summary>The way from a silo to the accounts' servers.</summary>
internal sealed class ServerKind(IReadOnlyDictionary<Uri, AccountServer> servers, TimeProvider clock) : IDestinationKind
{
    public const string Name = "webhook";

    public string Kind => Name;

    public Task<AttemptResult> SendAsync(DeliveryMessage message, CancellationToken cancellation) =>
        servers[message.Url].ReceiveAsync(message, Sign(message), clock, cancellation);

    /// <summary>Signs as the webhook kind does.</summary>
    private (string Signature, long Timestamp) Sign(DeliveryMessage message)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        return (WebhookSignature.Sign(message.DeliveryId, timestamp, message.Body.Span, message.Secrets), timestamp);
    }
}
