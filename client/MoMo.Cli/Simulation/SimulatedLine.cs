namespace MoMo.Cli.Simulation;

/// <summary>What a PSP knows of the adapter that it calls; or what somebody makes up who is not the PSP.</summary>
/// <param name="Psp">The PSP's id at the hub.</param>
/// <param name="Path">The adapter's secret path, without a slash before or behind it.</param>
/// <param name="Secret">What the two share to sign with.</param>
/// <param name="Key">The key of who calls the API.</param>
/// <param name="Test">The adapter is in test mode.</param>
/// <param name="Now">When the message is sent: some signatures age.</param>
/// <param name="IsAsked">The adapter asks the PSP for what callbacks only ring about.</param>
internal sealed record SimulatedLine(string Psp, string Path, string Secret, string? Key, bool Test, DateTimeOffset Now, bool IsAsked);
