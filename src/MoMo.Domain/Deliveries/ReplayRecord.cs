namespace MoMo.Domain.Deliveries;

/// <summary>Deliveries that are sent again on a person's word, many at a time.</summary>
/// <param name="Id">Its id; null of one that was only counted.</param>
/// <param name="Total">Deliveries that it is about.</param>
/// <param name="Replayed">Those that were made due again so far.</param>
/// <param name="First">When the first of them was created; null when there is none.</param>
/// <param name="Last">When the last of them was created.</param>
/// <param name="AccountId">Whose; null for several.</param>
/// <param name="FinishedAt">When the last was made due again, or it was stopped; null until then.</param>
public sealed record ReplayRecord(
    Guid? Id, long Total, long Replayed, DateTimeOffset? First, DateTimeOffset? Last, string? AccountId, DateTimeOffset? FinishedAt)
{
    /// <summary>Those of <see cref="Total"/> whose destination was paused when they were counted; null afterwards.</summary>
    public long? Paused { get; init; }
}
