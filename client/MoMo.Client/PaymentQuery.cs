namespace MoMo.Client;

/// <summary>Which payments to list. What is null does not narrow the list.</summary>
public sealed record PaymentQuery
{
    /// <summary>Of this account.</summary>
    public string? AccountId { get; init; }

    /// <summary>From this PSP.</summary>
    public string? Psp { get; init; }

    /// <summary>For this customer.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>With the PSP's own id of the payment.</summary>
    public string? PspReference { get; init; }

    /// <summary><c>accepted</c> or <c>suspense</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Received at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>With this number of the account or a higher one; <see cref="AccountId"/> is given, too.</summary>
    public long? SequenceFrom { get; init; }

    /// <summary>With this number of the account or a lower one.</summary>
    public long? SequenceTo { get; init; }

    internal Query ToQuery() => Query.None
        .With("account_id", AccountId).With("psp", Psp).With("reference_id", ReferenceId).With("psp_reference", PspReference)
        .With("status", Status).With("from", From).With("to", To)
        .With("sequence_from", SequenceFrom).With("sequence_to", SequenceTo);
}
