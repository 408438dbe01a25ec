namespace MoMo.Domain.Deliveries;

/// <summary>One silo's right to work on a lane, until it runs out.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Number">Rises with each claim of the lane: the fence of its holder.</param>
public sealed record LaneLease(long Lane, long Number);
