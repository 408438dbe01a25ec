namespace MoMo.Domain.Turns;

/// <summary>Payments in the store that a reversal may take back.</summary>
/// <param name="Named">The one that it names by the PSP's own id.</param>
/// <param name="EndToEnd">Those with its end-to-end id; two stand for any number, as of several nobody can tell which is meant.</param>
public sealed record Originals(Guid? Named, IReadOnlyList<Guid> EndToEnd)
{
    /// <summary>There are none.</summary>
    public static Originals None { get; } = new(null, []);
}
