namespace MoMo.Cli.Simulation;

/// <summary>What the hub has after a simulation, of all that it was told.</summary>
/// <param name="Expected">Payments, or news of payments, that were sent by the PSP itself.</param>
/// <param name="There">Of these, those that the hub has as they were sent first.</param>
/// <param name="Differ">Of these, those that it has with another amount.</param>
/// <param name="Forged">Forgeries that it took.</param>
internal sealed record SimulationFinding(int Expected, int There, int Differ, int Forged)
{
    /// <summary>Of these, those that it does not have.</summary>
    public int Missing => Expected - There - Differ;

    public bool AllWell => There == Expected && Forged == 0;
}
