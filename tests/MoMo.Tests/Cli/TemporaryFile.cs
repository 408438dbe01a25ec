namespace MoMo.Tests.Cli;

/// <summary>A folder with one file in it, gone after the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("momo-test-");

    public TemporaryFile(string name, string content)
    {
        Path = global::System.IO.Path.Combine(folder.FullName, name);
        File.WriteAllText(Path, content);
    }

    public string Folder => folder.FullName;

    public string Path { get; }

    public void Dispose() => folder.Delete(recursive: true);
}
