namespace MoMo.Tests.Fuzz;

/// <summary>A part of an input that means something.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int Length);
