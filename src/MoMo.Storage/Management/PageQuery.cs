namespace MoMo.Storage.Management;

/// <summary>Which rows of a list.</summary>
/// <param name="After">Those after this key; empty for the first.</param>
/// <param name="Max">Rows at most; from 1 to 501.</param>
/// <param name="Name">Only those of this name, compared without case; null for all.</param>
public sealed record PageQuery(string After, int Max, string? Name = null);
