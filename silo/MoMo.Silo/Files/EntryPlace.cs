namespace MoMo.Silo.Files;

/// <summary>Where an entry stands in its file.</summary>
/// <param name="Position">Line, row or entry of the file, from 1.</param>
/// <param name="Ordinal">Its number among the entries of that position, from 0.</param>
internal readonly record struct EntryPlace(int Position, int Ordinal);
