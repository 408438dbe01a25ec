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

    /// <summary>Why it made no payment: the code of the refusal, or <c>validation</c>.</summary>
    public required string Why { get; init; }

    /// <summary>The payment that it repeats with other content.</summary>
    public string? PaymentId { get; init; }

    /// <summary>When it came for the first time; the same bytes are kept once.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
