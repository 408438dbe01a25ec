namespace MoMo.Client.Wire;

/// <summary>One line of the answer to <c>POST /v1/payments/bulk</c>, in the order of the lines sent.</summary>
public sealed record BulkLine
{
    /// <summary>Which line, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>What a single POST would have answered: 201, 200, 400, 409, 422 or 503.</summary>
    public required int Status { get; init; }

    /// <summary>The payment's id, when taken.</summary>
    public string? Id { get; init; }

    /// <summary><c>accepted</c> or <c>suspense</c>, when taken.</summary>
    public string? Outcome { get; init; }

    /// <summary>The account's number for it.</summary>
    public long? Sequence { get; init; }

    /// <summary>It had been taken before.</summary>
    public bool Replayed { get; init; }

    /// <summary>Why not, when refused.</summary>
    public string? Code { get; init; }

    /// <summary>What to do, when refused.</summary>
    public string? Detail { get; init; }

    /// <summary>What is wrong with which field, when refused: all of them at once.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }
}
