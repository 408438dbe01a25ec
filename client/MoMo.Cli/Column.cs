namespace MoMo.Cli;

/// <summary>A column of a listing.</summary>
/// <param name="Title">Its name, as in JSON.</param>
/// <param name="Text">What stands in it; null for nothing.</param>
/// <param name="Right">Aligned right, as numbers are.</param>
/// <param name="Wraps">Sentences, which may go on in the next line of a terminal; ids and the like are to be copied in one piece.</param>
internal sealed record Column<T>(string Title, Func<T, string?> Text, bool Right = false, bool Wraps = false);
