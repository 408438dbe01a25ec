using System.Collections.Concurrent;

namespace MoMo.Silo.Docs;

/// <summary>Files that are part of the program: pages and their looks.</summary>
internal static class Embedded
{
    private static readonly ConcurrentDictionary<string, string> Read = new();

    /// <summary>A file's text.</summary>
    /// <exception cref="FileNotFoundException">The program was built without it.</exception>
    public static string Text(string name) => Read.GetOrAdd(name, static wanted =>
    {
        using var stream = typeof(Embedded).Assembly.GetManifestResourceStream($"MoMo.Silo.Pages.{wanted}")
            ?? throw new FileNotFoundException($"The program has no page '{wanted}'.", wanted);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });
}
