namespace MoMo.Edge.Channels;

/// <summary>A temporary folder that only the hub's user may look into; gone with all that is in it when it is disposed of.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("momo-channel-");

    public string Path => folder.FullName;

    public void Dispose()
    {
        if (folder.Exists) folder.Delete(recursive: true);
    }
}
