namespace MoMo.Simulator.Model;

/// <summary>An account and its head.</summary>
internal sealed class AccountLine
{
    public required string Id { get; init; }

    public Uri? LookupUrl { get; init; }

    public bool Archived { get; set; }

    public long Sequence { get; set; }

    public long Version { get; set; } = 1;
}
