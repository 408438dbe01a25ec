namespace MoMo.Client.Wire;

/// <summary>A payment as the hub keeps it.</summary>
public sealed record PaymentView
{
    /// <summary>The hub's id: opaque, time-ordered.</summary>
    public required string Id { get; init; }

    /// <summary><c>accepted</c>: an account has it. <c>suspense</c>: it is kept, but nobody knows whose it is.</summary>
    public required string Status { get; init; }

    /// <summary>Who moved the money.</summary>
    public required string Psp { get; init; }

    /// <summary>The PSP's own id of the payment.</summary>
    public required string PspReference { get; init; }

    /// <summary>The adapter it came through; null when the PSP posted it straight to the API.</summary>
    public string? Adapter { get; init; }

    /// <summary>The account that has it; null in suspense.</summary>
    public string? AccountId { get; init; }

    /// <summary>The customer it is for, if known.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>The account's own gapless number for it: 1, 2, 3…; null in suspense.</summary>
    public long? Sequence { get; init; }

    /// <summary>Major units as decimal text with all the currency's decimals.</summary>
    public required string Amount { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>What the PSP took back of it since, in major units; null when nothing was. Single payments and pages tell; answers to senders don't.</summary>
    public string? Reversed { get; init; }

    /// <summary>When the payer paid, in UTC, if the PSP said it.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary><c>instant</c>, or <c>day</c> when only the date is known and the time in <see cref="PaidAt"/> means nothing.</summary>
    public string? PaidAtPrecision { get; init; }

    /// <summary>When the hub received it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What the payer typed, where one field holds account, reference or both.</summary>
    public string? Text { get; init; }

    /// <summary>Our number at the PSP that was paid to: shortcode, till, IBAN.</summary>
    public string? Shortcode { get; init; }

    /// <summary>
    /// Whom the sender named, of a payment that came into suspense, also after it was assigned; null for one that an account got at once, and for a key of
    /// one account, as it may name others.
    /// </summary>
    public GivenView? Given { get; init; }

    /// <summary>Who paid.</summary>
    public PayerView? Payer { get; init; }

    /// <summary>The sender's own JSON object.</summary>
    public System.Text.Json.JsonElement? Metadata { get; init; }

    /// <summary>True when this same payment had been taken before and nothing was recorded now.</summary>
    public bool Replayed { get; init; }

    /// <summary>What each routing rule said, in the order they ran.</summary>
    public IReadOnlyList<FindingView> Decision { get; init => field = value ?? []; } = [];

    /// <summary>SHA-256 of the message or file that proves it, in hexadecimal; the bytes are at <c>/v1/payments/{id}/proof</c>.</summary>
    public string? ProofSha256 { get; init; }

    /// <summary>How an operator took it out of suspense; null when nobody had to.</summary>
    public AssignmentView? Assignment { get; init; }

    /// <summary>How an operator took it from its account since; null when nobody did. Only the answer that shows a single payment to an administrator has it.</summary>
    public UnlinkingView? Unlinked { get; init; }

    /// <summary>How it came to stand for an earlier payment; null when it stands for itself. Likewise for administrators.</summary>
    public UnlinkingView? StandsFor { get; init; }

    /// <summary>
    /// What the PSP took back of it, newest first, at most 100 (the rest is at <c>/v1/reversals</c>); null when nothing was. Only the answer that
    /// shows a single payment has it; a key of one account doesn't see what is held.
    /// </summary>
    public IReadOnlyList<ReversalView>? Reversals { get; init; }

    /// <summary>
    /// How its account is told of it, the newest first, at most 100 (the rest is at <c>/v1/deliveries?payment_id=</c>); null when nobody is told. Only
    /// the answer that shows a single payment has it.
    /// </summary>
    public IReadOnlyList<DeliveryView>? Deliveries { get; init; }
}
