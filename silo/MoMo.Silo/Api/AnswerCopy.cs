namespace MoMo.Silo.Api;

/// <summary>An answer as it is kept for a request that may come again.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Location">Where what it made is.</param>
/// <param name="ETag">The version of what it shows.</param>
/// <param name="Body">Its body, JSON.</param>
internal sealed record AnswerCopy(string? ContentType, string? Location, string? ETag, string Body);
