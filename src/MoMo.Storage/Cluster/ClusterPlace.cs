using System.Net.Sockets;
using MoMo.Storage.Disk;

namespace MoMo.Storage.Cluster;

/// <summary>
/// Where the silos of a data folder run: one machine, and one list of processes. Whether the database's server lives is seen in that list alone; who sees
/// another one, in a second container perhaps, would start a second server on the same files. On Linux; elsewhere there is one list.
/// </summary>
internal static class ClusterPlace
{
    private const string Name = "cluster.place";
    private const string Boot = "/proc/sys/kernel/random/boot_id";
    private const string Processes = "/proc/self/ns/pid";

    /// <summary>Claims the folder for this place when nobody uses it, else makes sure that whoever does is here, too.</summary>
    /// <param name="folder">The data folder, whose gate is held.</param>
    /// <param name="isUsed">Whether silos use it.</param>
    /// <exception cref="PrivateClusterException">They, or a server that outlived them, are elsewhere.</exception>
    public static void Require(string folder, bool isUsed)
    {
        if (Here() is not { } here) return;
        var path = Path.Combine(folder, Name);
        var isElsewhere = File.Exists(path) && File.ReadAllText(path) != here;
        if (isElsewhere && (isUsed || Listens(folder)))
            throw new PrivateClusterException(
                $"The database in '{folder}' is in use from another container or machine, whose processes can't be seen from here: stop the hub there, or " +
                "give this one a data folder of its own and MoMo:Database:ConnectionString.");
        if (!isUsed) SmallFile.WritePublic(path, here);
    }

    /// <summary>Null where it can't be told.</summary>
    private static string? Here()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            return $"{File.ReadAllText(Boot).Trim()} {File.ResolveLinkTarget(Processes, returnFinalTarget: false)?.Name}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // hidden from us, as service managers can be told to
        }
    }

    /// <summary>Whether a server answers at the socket in the cluster's folder: sockets lead from one container to another of the same machine.</summary>
    private static bool Listens(string folder)
    {
        if (ClusterRecord.Read(folder)?.HomeIn(folder) is not { } home || !Directory.Exists(home.Run)) return false;
        foreach (var path in Directory.GetFiles(home.Run, ".s.PGSQL.*").Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return true;
            }
            catch (SocketException)
            {
                // Left behind.
            }
        }

        return false;
    }
}
