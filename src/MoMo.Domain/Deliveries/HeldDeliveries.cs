namespace MoMo.Domain.Deliveries;

/// <summary>What the work on a lane has in memory of it.</summary>
/// <param name="Ids">Deliveries that wait there or are on their way.</param>
public sealed record HeldDeliveries(IReadOnlyCollection<Guid> Ids)
{
    /// <summary>None.</summary>
    public static HeldDeliveries None { get; } = new([]);

    /// <summary>Those of <see cref="Ids"/> that are not written yet, each with its number of the account.</summary>
    public IReadOnlyCollection<(Guid Id, long Number)> Unwritten { get; init; } = [];

    /// <summary>
    /// Of those that are not written yet, all up to this number of the account are here or written by now, so that further ones come after it; 0 when
    /// that is not known. What is here may have higher numbers all the same.
    /// </summary>
    public long Reached { get; init; }

    /// <summary>All of them up to this number are written; 0 when that is not known. At most <see cref="Reached"/>.</summary>
    public long Written => Unwritten.Count == 0 || Reached == 0 ? Reached : Math.Min(Reached, Unwritten.Min(one => one.Number) - 1);

    /// <summary>Those that are not written yet and have a number beyond <see cref="Reached"/>: whoever looks for further ones would find them again.</summary>
    public IEnumerable<Guid> Beyond => Unwritten.Where(one => one.Number > Reached).Select(one => one.Id);
}
