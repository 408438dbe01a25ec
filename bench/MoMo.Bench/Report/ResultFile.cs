using System.Globalization;
using System.Text.Json;

namespace MoMo.Bench.Report;

/// <summary>All figures of a run as JSON, in <c>bench/results</c> of the repository, which git ignores.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Writes it.</summary>
    /// <returns>The path.</returns>
    public static string Write(Machine machine, Scale scale, IReadOnlyList<Figure> figures)
    {
        var now = TimeProvider.System.GetUtcNow();
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "bench", "results")).FullName;
        var path = Path.Combine(folder, now.ToString("yyyy-MM-dd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + ".json");
        File.WriteAllText(path, JsonSerializer.Serialize(new { At = now, Machine = machine, Scale = scale, Figures = figures }, Form) + "\n");
        return path;
    }
}
