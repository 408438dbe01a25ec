namespace MoMo.Client.Wire;

/// <summary>What is wrong at one place of a file.</summary>
public sealed record FileFaultView
{
    /// <summary>Line, row or entry, from 1.</summary>
    public required long Position { get; init; }

    /// <summary>Stable and machine-readable.</summary>
    public required string Code { get; init; }

    /// <summary>In a sentence.</summary>
    public required string Detail { get; init; }
}
