using System.Globalization;

namespace MoMo.Storage.Cluster;

/// <summary>
/// What a running server writes into <c>postmaster.pid</c> (PostgreSQL's source, <c>miscadmin.h</c>: LOCK_FILE_LINE_*).
/// After a kill the file stays behind, so it proves nothing by itself.
/// </summary>
internal sealed record ServerPidFile(int Pid, int Port, string SocketFolder, string ListenAddress)
{
    private const string Name = "postmaster.pid";

    /// <summary>The address clients use; null while the server has not said yet.</summary>
    public ServerAddress? Address => Port == 0 ? null
        : SocketFolder.Length > 0 ? new ServerAddress(SocketFolder, Port)
        : ListenAddress.Length > 0 ? new ServerAddress(ListenAddress, Port)
        : null;

    /// <summary>Reads the file of a cluster, null if there is none or it is empty or malformed.</summary>
    public static ServerPidFile? Read(string data)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(data, Name));
            string Line(int index) => index < lines.Length ? lines[index].Trim() : "";
            if (!int.TryParse(Line(0), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pid)) return null;
            if (pid is 0 or int.MinValue) return null;
            _ = int.TryParse(Line(3), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
            return new ServerPidFile(Math.Abs(pid), port, Line(4), Line(5));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static void Delete(string data) => File.Delete(Path.Combine(data, Name));
}
