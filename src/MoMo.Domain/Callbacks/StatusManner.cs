namespace MoMo.Domain.Callbacks;

/// <summary>
/// How a PSP wants to be asked how a payment stands: by GET, as far as it is the same for all its customers. Where, and with which keys, is the
/// adapter's configuration. Texts may name credentials: <c>{api_key}</c>, <c>{base64:api_key}</c>, or <c>{basic:api_user:api_key}</c> for both in
/// HTTP's basic form.
/// </summary>
/// <param name="AskedBy">What a payment may be asked for by, as <c>status_url</c> names it; the first is also <c>{reference}</c>.</param>
public sealed record StatusManner(IReadOnlyList<string> AskedBy)
{
    /// <summary>Headers of every question.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How a token is had, which every question then carries; null when none is needed.</summary>
    public TokenManner? Token { get; init; }
}
