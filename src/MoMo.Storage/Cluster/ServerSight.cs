using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MoMo.Storage.Cluster;

/// <summary>Whether a process is the server of a cluster. Process ids are given again, so a number alone says nothing.</summary>
internal static class ServerSight
{
    /// <summary>Whether the process lives and is a PostgreSQL server started on this data folder.</summary>
    /// <remarks>Ours always names its folder. A server that does not is somebody else's, which got the number since, and nobody may stop it.</remarks>
    public static bool IsServer(int pid, string data)
    {
        var command = CommandOf(pid, data);
        return command.Count > 0
            && Path.GetFileName(command[0]) is "postgres" or "postmaster"
            && command.IndexOf("-D") is var at and >= 0 && at + 1 < command.Count && SameFolder(command[at + 1], data);
    }

    private static bool SameFolder(string one, string other) =>
        Path.TrimEndingDirectorySeparator(one) == Path.TrimEndingDirectorySeparator(other);

    /// <summary>The command a process was started with; nothing for one that is gone or only waits to be buried (zombie).</summary>
    private static List<string> CommandOf(int pid, string data)
    {
        try
        {
            var number = pid.ToString(CultureInfo.InvariantCulture);
            return OperatingSystem.IsLinux()
                ? [.. File.ReadAllText($"/proc/{number}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries)]
                : AskPs(number, data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return [];
        }
    }

    private static List<string> AskPs(string pid, string data)
    {
        var start = new ProcessStartInfo("/bin/ps", ["-ww", "-p", pid, "-o", "command="]) { RedirectStandardOutput = true };
        using var ps = Process.Start(start)!;
        var text = ps.StandardOutput.ReadToEnd();
        ps.WaitForExit();
        // It joins the words with blanks, which the folder may have as well.
        var folder = text.IndexOf($" -D {Path.TrimEndingDirectorySeparator(data)}", StringComparison.Ordinal);
        return folder < 0 ? [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] : [text[..folder].Trim(), "-D", data];
    }
}
