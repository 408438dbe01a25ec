namespace MoMo.Tests.Fuzz;

/// <summary>What a token looks like.</summary>
internal enum TokenKind
{
    Mark,
    Word,
    Number,
    Text,
    Tag,
}
