using MoMo.Domain.Deliveries;

namespace MoMo.Simulator.World;

/// <summary>The way from a silo to the accounts' servers.</summary>
internal sealed class ServerKind(IReadOnlyDictionary<Uri, AccountServer> servers, TimeProvider clock) : IDestinationKind
{
    public string Kind => "webhook";

    public Task<AttemptResult> SendAsync(DeliveryMessage message, CancellationToken cancellation) =>
        servers[message.Url].ReceiveAsync(message, clock, cancellation);
}
