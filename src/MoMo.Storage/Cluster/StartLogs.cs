namespace MoMo.Storage.Cluster;

/// <summary>Finds out from the server's logs why it did not start.</summary>
internal static class StartLogs
{
    private const int LinesMax = 50;

    /// <summary>What PostgreSQL's messages of failure begin with, the gravest first.</summary>
    private static readonly string[] Marks = ["FATAL:", "PANIC:", "ERROR:", "error:"];

    /// <summary>The last fatal message. It is in the start log, or already in the server's own log.</summary>
    public static string WhyFailed(ClusterHome home)
    {
        var logs = Directory.GetFiles(home.Log, "postgresql-*.log").OrderByDescending(File.GetLastWriteTimeUtc).Take(1);
        var lines = logs.Prepend(home.StartLog).Where(File.Exists).SelectMany(path => File.ReadLines(path).TakeLast(LinesMax)).ToList();
        foreach (var mark in Marks)
            if (lines.LastOrDefault(line => line.Contains(mark, StringComparison.Ordinal)) is { } line)
                return line[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Trim();
        return lines.LastOrDefault() ?? "it said nothing";
    }
}
