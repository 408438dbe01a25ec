namespace MoMo.Client.Wire;

/// <summary>Why a request was refused: RFC 9457 <c>application/problem+json</c>.</summary>
public sealed record ProblemView
{
    /// <summary>Where the code is explained.</summary>
    public string? Type { get; init; }

    /// <summary>The status in words.</summary>
    public string? Title { get; init; }

    /// <summary>HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>Stable and machine-readable, such as <c>payment-differs</c>.</summary>
    public string? Code { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Detail { get; init; }

    /// <summary>What is wrong with which field: all of them at once.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }
}
