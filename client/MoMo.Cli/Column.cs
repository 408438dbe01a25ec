namespace MoMo.Cli;

/// <summary>A column of a listing.</summary>
/// <param name="Title">Its name, as in JSON.</param>
/// <param name="Text">What stands in it; null for nothing.</param>
/// <param name="Right">Aligned right, as numbers are.</param>
internal sealed record Column<T>(string Title, Func<T, string?> Text, bool Right = false);
