namespace MoMo.Domain.Deliveries;

/// <summary>One way of telling an account: webhook, e-mail, file drop.</summary>
public interface IDestinationKind
{
    /// <summary>Its name in a destination, such as <c>webhook</c>.</summary>
    string Kind { get; }

    /// <summary>Tries once. Never throws for what the receiver does; only when <paramref name="cancellation"/> asks for it.</summary>
    Task<AttemptResult> SendAsync(DeliveryMessage message, CancellationToken cancellation);
}
