using MoMo.Domain.Payments;

namespace MoMo.Domain.Deliveries;

/// <summary>What a destination is told of. Each part that is null narrows nothing.</summary>
/// <param name="Events">Types of events; null for all about payments. See <see cref="EventTypes"/>.</param>
/// <param name="Currencies">ISO 4217 codes.</param>
/// <param name="Psps">Ids of PSPs.</param>
public sealed record DestinationFilter(IReadOnlySet<string>? Events, IReadOnlySet<string>? Currencies, IReadOnlySet<string>? Psps)
{
    /// <summary>Everything about payments.</summary>
    public static DestinationFilter All { get; } = new(null, null, null);

    /// <summary>Whether it is told of a payment that the account has just got.</summary>
    public bool Takes(Payment payment)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return Takes(payment, payment.Assignment is null ? EventTypes.Accepted : EventTypes.Assigned);
    }

    /// <summary>Whether it is told that something happened to a payment.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="type">See <see cref="EventTypes"/>.</param>
    public bool Takes(Payment payment, string type)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return (Events?.Contains(type) ?? true)
            && (Currencies?.Contains(payment.Notice.Amount.Currency.Code) ?? true)
            && (Psps?.Contains(payment.Notice.Psp) ?? true);
    }
}
