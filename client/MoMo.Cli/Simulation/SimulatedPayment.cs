namespace MoMo.Cli.Simulation;

/// <summary>A payment as the simulated PSP knows it.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="PspReference">The PSP's own id of it.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Reference">The account's customer; null for none.</param>
/// <param name="MinorUnits">How much, in cents of KES.</param>
/// <param name="PaidAt">When it was paid.</param>
internal sealed record SimulatedPayment(int Number, string PspReference, string Account, string? Reference, long MinorUnits, DateTimeOffset PaidAt)
{
    /// <summary>In major units, with two decimals.</summary>
    public string Amount => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{MinorUnits / 100}.{MinorUnits % 100:00}");
}
