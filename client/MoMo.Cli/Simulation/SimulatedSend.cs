namespace MoMo.Cli.Simulation;

/// <summary>One thing that the simulated PSP does.</summary>
/// <param name="Due">When, since the beginning.</param>
/// <param name="Payment">What it sends.</param>
/// <param name="Kind">How.</param>
internal sealed record SimulatedSend(TimeSpan Due, SimulatedPayment Payment, SendKind Kind);
