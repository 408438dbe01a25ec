namespace MoMo.Client.Wire;

/// <summary>Deliveries to send again, all that fit.</summary>
public sealed record ReplaySpec
{
    /// <summary>To this account. A key of one account need not name it.</summary>
    public string? AccountId { get; init; }

    /// <summary>To this destination of the account.</summary>
    public string? DestinationId { get; init; }

    /// <summary><c>dead</c> (the default) or <c>delivered</c>.</summary>
    public string State { get; init => field = value ?? "dead"; } = "dead";

    /// <summary>Those that failed for this reason: see <see cref="DeliveryView.Cause"/>.</summary>
    public string? Cause { get; init; }

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created before; now by default.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only counts.</summary>
    public bool DryRun { get; init; }
}
