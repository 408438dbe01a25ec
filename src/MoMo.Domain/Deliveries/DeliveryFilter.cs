using MoMo.Domain.Accounts;

namespace MoMo.Domain.Deliveries;

/// <summary>Which deliveries. What is null does not narrow.</summary>
public sealed record DeliveryFilter
{
    /// <summary><c>pending</c>, <c>delivered</c> or <c>dead</c>.</summary>
    public string? State { get; init; }

    /// <summary>Why the last attempt failed: a word of <see cref="DeliveryWords.Causes"/>.</summary>
    public string? Cause { get; init; }

    /// <summary>The account.</summary>
    public string? AccountId { get; init; }

    /// <summary>The destination, with its account.</summary>
    public string? DestinationId { get; init; }

    /// <summary>The payment.</summary>
    public Guid? PaymentId { get; init; }

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Of these numbers of the account, which is given too.</summary>
    public NumberRange Numbers { get; init; }
}
