namespace MoMo.Client;

/// <summary>Which deliveries to list. What is null does not narrow the list.</summary>
public sealed record DeliveryQuery
{
    /// <summary><c>pending</c>, <c>delivered</c> or <c>dead</c>.</summary>
    public string? State { get; init; }

    /// <summary>To this account.</summary>
    public string? AccountId { get; init; }

    internal Query ToQuery() => Query.None.With("state", State).With("account_id", AccountId);
}
