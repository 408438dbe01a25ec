namespace MoMo.Edge.Formats.Mt940;

/// <summary>One field of a message.</summary>
/// <param name="Tag">Such as <c>61</c>; empty for the end of a message.</param>
/// <param name="Lines">Its content, by line; the first without the tag.</param>
/// <param name="Position">The line of the file that it begins on.</param>
internal sealed record MtField(string Tag, IReadOnlyList<string> Lines, int Position)
{
    public string First => Lines[0];
}
