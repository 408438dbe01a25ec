namespace MoMo.Client.Wire;

/// <summary>Questions that were given up, to be asked again: all that fit.</summary>
public sealed record AskAgainSpec
{
    /// <summary>Given up at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Given up before; now by default.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only counts.</summary>
    public bool DryRun { get; init; }
}
