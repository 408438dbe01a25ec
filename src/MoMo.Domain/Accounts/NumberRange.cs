namespace MoMo.Domain.Accounts;

/// <summary>Numbers of an account; the default is all of them.</summary>
/// <param name="First">The lowest; null for no bound.</param>
/// <param name="Last">The highest; null for no bound.</param>
public readonly record struct NumberRange(long? First, long? Last)
{
    /// <summary>Whether it leaves any out.</summary>
    public bool IsBounded => First is not null || Last is not null;
}
