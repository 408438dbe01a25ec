namespace MoMo.Storage.Cluster;

/// <summary>Finds out from the server's logs why it did not start.</summary>
internal static class StartLogs
{
    private const int LinesMax = 50;

    /// <summary>
    /// What tells a failure's cause, the most precise first: a wrong setting is named before the fatal message that follows it.
    /// </summary>
    private static readonly string[] Marks =
    [
        "invalid value for parameter", "unrecognized configuration parameter", "syntax error in file", "could not bind",
        "FATAL:", "PANIC:", "ERROR:", "error:",
    ];

    /// <summary>The cause as the server told it: in the start log, or, once that has handed over, in the server's own log.</summary>
    public static string WhyFailed(ClusterHome home)
    {
        var logs = Directory.GetFiles(home.Log, "postgresql-*.log").OrderByDescending(File.GetLastWriteTimeUtc).Take(1);
        return logs.Prepend(home.StartLog).Where(File.Exists).Select(CauseIn).FirstOrDefault(cause => cause is not null)
            ?? "the server did not say why";
    }

    private static string? CauseIn(string path)
    {
        // Those who knocked too early are told so, and that is logged as fatal as well.
        var lines = File.ReadLines(path).TakeLast(LinesMax)
            .Where(line => !line.Contains("the database system is ", StringComparison.Ordinal)).ToList();
        foreach (var mark in Marks)
        {
            if (lines.LastOrDefault(line => line.Contains(mark, StringComparison.Ordinal)) is not { } line) continue;
            var at = line.IndexOf(mark, StringComparison.Ordinal);
            return line[(mark.EndsWith(':') ? at + mark.Length : at)..].Trim();
        }

        return null;
    }
}
