namespace MoMo.Client;

/// <summary>Which kept messages to list. What is null does not narrow the list.</summary>
public sealed record MessageQuery
{
    /// <summary>Those that repeat this payment with other content.</summary>
    public string? PaymentId { get; init; }

    /// <summary>Kept for this reason: the code of a refusal, or <c>validation</c>.</summary>
    public string? Why { get; init; }

    /// <summary>That came through this adapter.</summary>
    public string? Adapter { get; init; }

    internal Query ToQuery() => Query.None.With("payment_id", PaymentId).With("why", Why).With("adapter", Adapter);
}
