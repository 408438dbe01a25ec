namespace MoMo.Client.Wire;

/// <summary>How an account is told of its payments: to create or change.</summary>
public sealed record DestinationSpec
{
    /// <summary>1 to 64 of a-z, 0-9, '.', '_' and '-', unique in its account. Can't be changed.</summary>
    public string? Id { get; init; }

    /// <summary><c>webhook</c>.</summary>
    public string Kind { get; init => field = value ?? "webhook"; } = "webhook";

    /// <summary>Where to; http or https. Unique in the hub.</summary>
    public required string Url { get; init; }

    /// <summary>Paused destinations keep what is due and send nothing.</summary>
    public bool Paused { get; init; }
}
