namespace MoMo.Cli.Simulation;

/// <summary>What the adapter of a simulation is given.</summary>
/// <param name="Credentials">What it shares with the PSP.</param>
/// <param name="Settings">JSON, where the run needs others than the family; null for the family's.</param>
/// <param name="Rules">JSON; null for the standard ones.</param>
internal sealed record AdapterTerms(IReadOnlyDictionary<string, string> Credentials, string? Settings, string? Rules);
