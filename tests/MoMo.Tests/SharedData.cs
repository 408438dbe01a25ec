using System.Text.Json;

namespace MoMo.Tests;

/// <summary>
/// Sample files of PSPs that may not be part of the project: the folder <c>shared/data</c> beside the one that holds the repository,
/// or where MOMO_SHARED_DATA points. Tests that need it are skipped where it is not.
/// </summary>
public static class SharedData
{
    /// <summary>Null when there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why tests are skipped; null when they are not.</summary>
    public static string? Skip =>
        Folder is null ? "The sample files of shared/data are not here; set MOMO_SHARED_DATA to their folder." : null;

    /// <summary>The bytes of a file as the manifest names it.</summary>
    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder!, "psp", file));

    /// <summary>The manifest's rows of one format, without the results that others expect.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Manifest(string format)
    {
        if (Folder is null) return [];
        var lines = File.ReadAllLines(Path.Combine(Folder, "MANIFEST.tsv"));
        var names = lines[0].Split('\t');
        return lines.Skip(1).Select(line => line.Split('\t'))
            .Select(fields => names.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second))
            .Where(row => row["format"] == format && row["role"] != "expected");
    }

    /// <summary>An independent reading of one file.</summary>
    public static JsonElement Reference(string name, string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder!, "reference", name)));
        return json.RootElement.GetProperty("results").EnumerateArray().Single(result =>
            result.GetProperty("file").GetString() == file).Clone();
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("MOMO_SHARED_DATA") is { Length: > 0 } given) return Directory.Exists(given) ? given : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "MoMo.sln"))) continue;
            var beside = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
            return Directory.Exists(beside) ? beside : null;
        }

        return null;
    }
}
