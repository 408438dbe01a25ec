namespace MoMo.Client;

/// <summary>How a <see cref="MoMoClient"/> presents itself and how patient it is.</summary>
public sealed record MoMoClientOptions
{
    /// <summary>The API key, sent as <c>Authorization: Bearer</c>. Null when the <see cref="HttpClient"/> brings its own header.</summary>
    public string? Key { get; init; }

    /// <summary>How often one request is sent at most, the first time included. From 1 (never repeat) to 10; 4 by default.</summary>
    public int AttemptsMax { get; init; } = 4;

    /// <summary>
    /// The longest wait that <c>Retry-After</c> may ask for; past it the refusal is thrown. From 0 seconds to 1 hour; 30 seconds by
    /// default.
    /// </summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(30);
}
