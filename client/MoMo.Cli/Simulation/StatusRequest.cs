namespace MoMo.Cli.Simulation;

/// <summary>What a hub asks a simulated PSP.</summary>
/// <param name="Method">Of HTTP.</param>
/// <param name="Path">Unescaped, with a slash in front.</param>
/// <param name="Query">Fields of the query.</param>
/// <param name="Header">A header by its name; null when there is none.</param>
/// <param name="Body">As text.</param>
internal sealed record StatusRequest(string Method, string Path, Func<string, string?> Query, Func<string, string?> Header, string Body);
