namespace MoMo.Tests.Support;

/// <summary>A folder for one test, which PostgreSQL gets to under root as well. It goes with the test, or with the test process.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly ScratchFolder folder = new();

    public string Path => folder.Path;

    public void Dispose() => folder.Dispose();
}
