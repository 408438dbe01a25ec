namespace MoMo.Edge.Formats.Ofx;

/// <summary>A tag with the text that follows it.</summary>
/// <param name="Name">In capitals; empty for what stands before the first tag.</param>
/// <param name="Closes">An end tag.</param>
/// <param name="Text">Trimmed, entities resolved; empty without any.</param>
internal readonly record struct OfxToken(string Name, bool Closes, string Text);
