namespace MoMo.Bench;

/// <summary>The clone that the benchmarks were built in.</summary>
internal static class Repository
{
    /// <summary>The folder that holds MoMo.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MoMo.sln"))) return folder.FullName;
        throw new BenchException($"No folder above '{AppContext.BaseDirectory}' holds MoMo.sln: run the benchmarks from a clone.");
    }
}
