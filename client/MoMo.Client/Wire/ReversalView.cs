namespace MoMo.Client.Wire;

/// <summary>Money that a PSP, or the hub's operator, took back, as the hub keeps it.</summary>
public sealed record ReversalView
{
    /// <summary>The hub's id: opaque, time-ordered.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// <c>accepted</c>: the account that has the payment has it. <c>suspense</c>: its payment belongs to nobody yet. <c>orphaned</c>: its payment
    /// never came, so far, or it names an end-to-end id that several have. <c>held</c>: it does not count, see <see cref="Held"/>.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Who took it back; of one that an operator took back, who had brought the payment.</summary>
    public required string Psp { get; init; }

    /// <summary><c>psp</c>; <c>operator</c> when the hub's operator took the payment back because it was not the account's, and the PSP knows nothing of it.</summary>
    public string By { get; init; } = "psp";

    /// <summary>The PSP's own id of the reversal; the hub's, which begins with <c>unlink:</c>, of one that an operator made.</summary>
    public required string PspReference { get; init; }

    /// <summary>The adapter it came through.</summary>
    public string? Adapter { get; init; }

    /// <summary>The psp_reference of the payment that it takes back, if the PSP told.</summary>
    public string? OriginalReference { get; init; }

    /// <summary>The payment that it takes back; null while it is orphaned.</summary>
    public string? PaymentId { get; init; }

    /// <summary>The account that has it.</summary>
    public string? AccountId { get; init; }

    /// <summary>The account's own gapless number for it, in one row with its payments.</summary>
    public long? Sequence { get; init; }

    /// <summary>Major units as decimal text; a part of the payment or all of it.</summary>
    public required string Amount { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>Why it does not count: <c>reversal-exceeds</c> (more than was left of the payment) or <c>currency-differs</c>.</summary>
    public string? Held { get; init; }

    /// <summary>Why it was taken back, in the words of who did.</summary>
    public string? Detail { get; init; }

    /// <summary>When the hub received it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>SHA-256 of the message or file that proves it, in hexadecimal.</summary>
    public required string ProofSha256 { get; init; }
}
