namespace MoMo.Domain.Deliveries;

/// <summary>What came of one attempt.</summary>
/// <param name="Verdict">What to do next.</param>
/// <param name="Status">HTTP status; null when none came.</param>
/// <param name="Error">What went wrong, for people, at most <see cref="ErrorMax"/> characters; null when delivered.</param>
/// <param name="RetryAfter">How long the receiver asked us to wait; null when it did not.</param>
public sealed record AttemptResult(AttemptVerdict Verdict, int? Status, string? Error, TimeSpan? RetryAfter)
{
    /// <summary>Characters of <see cref="Error"/> that are kept.</summary>
    public const int ErrorMax = 500;

    /// <summary>Characters of an answer's body that are kept.</summary>
    public const int ExcerptMax = 4_096;

    /// <summary>Why it did not arrive; null when it did.</summary>
    public DeliveryCause? Cause { get; init; }

    /// <summary>What the receiver wrote, at most <see cref="ExcerptMax"/> characters; null when it wrote nothing.</summary>
    public string? Excerpt { get; init; }

    /// <summary>How long it took. Set by the deliverer.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The same with texts that every store can keep.</summary>
    internal AttemptResult Fit() => this with { Error = KeptText.Of(Error, ErrorMax), Excerpt = KeptText.Of(Excerpt, ExcerptMax) };

    /// <summary>The same in plain words of the hub's own, for a store that refuses even that.</summary>
    internal AttemptResult Plain() => Verdict == AttemptVerdict.Delivered
        ? new AttemptResult(Verdict, null, null, null) { Duration = Duration }
        : new AttemptResult(Verdict, null, "The hub could not record what the receiver answered.", null) { Cause = DeliveryCause.HubFault, Duration = Duration };

    /// <summary>The receiver is overloaded, or what stands before it is: it is to be asked less.</summary>
    public bool Overloaded => Status is 429 or 502 or 503 or 504;
}
