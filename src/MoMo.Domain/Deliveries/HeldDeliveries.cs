namespace MoMo.Domain.Deliveries;

/// <summary>What the work on a lane has in memory of it.</summary>
/// <param name="Ids">Deliveries that wait there or are on their way.</param>
public sealed record HeldDeliveries(IReadOnlyCollection<Guid> Ids)
{
    /// <summary>None.</summary>
    public static HeldDeliveries None { get; } = new([]);

    /// <summary>
    /// Of those that are not written yet, all up to this number of the account are here or written by now, so that further ones come after it; 0 when
    /// that is not known.
    /// </summary>
    public long Reached { get; init; }

    /// <summary>All of them up to this number are written; 0 when that is not known. At most <see cref="Reached"/>.</summary>
    public long Written { get; init; }
}
