namespace MoMo.Domain.Adapters;

/// <summary>What an adapter says of itself.</summary>
/// <param name="State"><c>up</c>, <c>down</c> or <c>degraded</c>; null: just that it is there.</param>
/// <param name="Detail">Why; at most 500 characters.</param>
/// <param name="Lease">How long it counts as up without being heard of again.</param>
public sealed record AdapterSignal(string? State, string? Detail, TimeSpan Lease)
{
    /// <summary>The lease of who names none.</summary>
    public static readonly TimeSpan LeaseDefault = TimeSpan.FromSeconds(60);

    /// <summary>The shortest lease.</summary>
    public static readonly TimeSpan LeaseMin = TimeSpan.FromSeconds(5);

    /// <summary>The longest lease.</summary>
    public static readonly TimeSpan LeaseMax = TimeSpan.FromHours(1);

    /// <summary>Characters of a detail at most.</summary>
    public const int DetailMax = 500;
}
