namespace MoMo.Tests.Docs;

/// <summary>
/// A request that a receiver may get, and whether to believe it. A header has one character for each of its bytes, as most servers of Python and all
/// of Node have it; one that is not there is null. A body that is null stands for what a server has when there was none to read.
/// </summary>
internal sealed record SnippetCase(string Name, bool Believed, string Key, string? Id, string? Timestamp, string? Signatures, byte[]? Body)
{
    /// <summary>What a program that tries it is to write.</summary>
    public string Expected => Answered(Believed ? "true" : "false");

    public string Answered(string answer) => $"{Name}: {answer}";

    /// <summary>The same, to be changed into what nobody may believe.</summary>
    public SnippetCase But(string name) => this with { Name = name, Believed = false };
}
