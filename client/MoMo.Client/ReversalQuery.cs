namespace MoMo.Client;

/// <summary>Which reversals to list. What is null does not narrow the list.</summary>
public sealed record ReversalQuery
{
    /// <summary>Of this account.</summary>
    public string? AccountId { get; init; }

    /// <summary>Of this payment, by the hub's id.</summary>
    public string? PaymentId { get; init; }

    /// <summary>From this PSP.</summary>
    public string? Psp { get; init; }

    /// <summary><c>accepted</c>, <c>suspense</c>, <c>orphaned</c> or <c>held</c>; see <see cref="Wire.ReversalView.Status"/>.</summary>
    public string? Status { get; init; }

    /// <summary>With this number of the account or a higher one; <see cref="AccountId"/> is given, too.</summary>
    public long? SequenceFrom { get; init; }

    /// <summary>With this number of the account or a lower one.</summary>
    public long? SequenceTo { get; init; }

    internal Query ToQuery() => Query.None.With("account_id", AccountId).With("payment_id", PaymentId).With("psp", Psp).With("status", Status)
        .With("sequence_from", SequenceFrom).With("sequence_to", SequenceTo);
}
