namespace MoMo.Client.Wire;

/// <summary>A message that made no payment of its own, and was kept: refused, repeated with other content, or a question before the money moved.</summary>
public sealed record MessageView
{
    /// <summary>SHA-256 of its bytes, in hex.</summary>
    public required string Id { get; init; }

    /// <summary>The PSP, if it is known.</summary>
    public string? Psp { get; init; }

    /// <summary>The adapter that it came through, if any.</summary>
    public string? Adapter { get; init; }

    /// <summary>
    /// Why it made no payment: the code of the refusal, <c>validation</c>, or what it is instead: <c>pending</c>, <c>info</c>, <c>outgoing</c>,
    /// <c>fee</c>, <c>failed</c>, <c>reversal</c>, <c>return</c>, <c>test-mode</c>.
    /// </summary>
    public required string Why { get; init; }

    /// <summary>The PSP's id of what it tells, if it tells something that is no payment.</summary>
    public string? PspReference { get; init; }

    /// <summary>How much, as decimal text, if it is money.</summary>
    public string? Amount { get; init; }

    /// <summary>The currency of the amount.</summary>
    public string? Currency { get; init; }

    /// <summary>What it tells, in a sentence or less.</summary>
    public string? Detail { get; init; }

    /// <summary>The payment that it repeats with other content.</summary>
    public string? PaymentId { get; init; }

    /// <summary>When it came for the first time; the same bytes are kept once.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
