namespace MoMo.Domain.Callbacks;

/// <summary>
/// How a PSP gives a token: by POST or GET to the adapter's <c>token_url</c>, which answers JSON with <c>access_token</c> or <c>token</c>, and when it
/// runs out as <c>expires_in</c> (seconds) or <c>expiryDate</c>. Texts may name credentials as those of <see cref="StatusManner"/>.
/// </summary>
public sealed record TokenManner
{
    /// <summary>Headers of the request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Asked by GET, without a body; else by POST.</summary>
    public bool ByGet { get; init; }

    /// <summary>Texts of its JSON body; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Json { get; init; }

    /// <summary>Texts of its form; null for none. Where there is neither a form nor JSON, the request has no body.</summary>
    public IReadOnlyDictionary<string, string>? Form { get; init; }
}
