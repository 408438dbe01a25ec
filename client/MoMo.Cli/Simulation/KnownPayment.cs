namespace MoMo.Cli.Simulation;

/// <summary>A payment as the PSP tells of it when it is asked.</summary>
/// <param name="Payment">It.</param>
/// <param name="IsPending">The money has not moved yet.</param>
internal sealed record KnownPayment(SimulatedPayment Payment, bool IsPending);
