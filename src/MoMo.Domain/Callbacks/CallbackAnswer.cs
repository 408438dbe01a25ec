namespace MoMo.Domain.Callbacks;

/// <summary>What a PSP is answered.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Of the body; null without one.</param>
/// <param name="Body">The body as text; null for none.</param>
public sealed record CallbackAnswer(int Status, string? MediaType = null, string? Body = null)
{
    /// <summary>When to send it again, in the header <c>Retry-After</c>; null: nothing is said. The hub sets it beside a 503.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
