namespace MoMo.Simulator.Model;

/// <summary>A replay with its row in the agenda: deliveries that a person sends again, all that fit.</summary>
internal sealed class ReplayLine
{
    public required int Id { get; init; }

    public string? AccountId { get; init; }

    public long? Lane { get; init; }

    /// <summary>dead or delivered.</summary>
    public required string State { get; init; }

    public DateTimeOffset? Since { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>How many it was said to be about.</summary>
    public long Total { get; set; }

    /// <summary>The last that was looked at.</summary>
    public Guid? Cursor { get; set; }

    public bool Finished { get; set; }

    public DateTimeOffset DueAt { get; set; }

    public long Lease { get; set; }

    public DateTimeOffset LeasedUntil { get; set; } = DateTimeOffset.MinValue;

    /// <summary>The conditions as ReplayStore has them in SQL; a delivery is created when it is due first.</summary>
    public bool Fits(DeliveryLine line) =>
        line.State == State && (AccountId is null || line.Delivery.AccountId == AccountId) && (Lane is null || line.Delivery.Lane == Lane)
        && (Since is null || line.Delivery.DueAt >= Since) && line.Delivery.DueAt < Until;
}
