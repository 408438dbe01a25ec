namespace MoMo.Tests.Support;

/// <summary>The root of the repository these tests were built in: the folder that holds MoMo.sln.</summary>
internal static class RepositoryFolder
{
    private static readonly Lazy<string> Root = new(FindRoot);

    /// <summary>Full path of the root.</summary>
    public static string Path => Root.Value;

    /// <summary>Full path of something in the repository.</summary>
    public static string Find(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MoMo.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds MoMo.sln.");
    }
}
