namespace MoMo.Client.Wire;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>
{
    /// <summary>The items, at most as many as <c>?limit=</c> asked.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Give it as <c>?after=</c> for the next page; null on the last. Opaque.</summary>
    public string? Next { get; init; }
}
