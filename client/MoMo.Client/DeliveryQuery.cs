namespace MoMo.Client;

/// <summary>Which deliveries to list. What is null does not narrow the list.</summary>
public sealed record DeliveryQuery
{
    /// <summary><c>pending</c>, <c>delivered</c> or <c>dead</c>.</summary>
    public string? State { get; init; }

    /// <summary>To this account.</summary>
    public string? AccountId { get; init; }

    /// <summary>To this destination of the account.</summary>
    public string? DestinationId { get; init; }

    /// <summary>Tells of this payment.</summary>
    public string? PaymentId { get; init; }

    /// <summary>Failed for this reason: see <see cref="Wire.DeliveryView.Cause"/>.</summary>
    public string? Cause { get; init; }

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>With this number of the account or a higher one; <see cref="AccountId"/> is given, too.</summary>
    public long? SequenceFrom { get; init; }

    /// <summary>With this number of the account or a lower one.</summary>
    public long? SequenceTo { get; init; }

    internal Query ToQuery() => Query.None.With("state", State).With("account_id", AccountId).With("destination", DestinationId)
        .With("payment_id", PaymentId).With("cause", Cause).With("from", From).With("to", To)
        .With("sequence_from", SequenceFrom).With("sequence_to", SequenceTo);
}
