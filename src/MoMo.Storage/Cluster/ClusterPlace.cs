using MoMo.Storage.Disk;

namespace MoMo.Storage.Cluster;

/// <summary>
/// Where the silos of a data folder run: one machine, and one list of processes. Whether the database's server lives is seen in that list alone; who sees
/// another one, in a second container perhaps, would start a second server on the same files.
/// </summary>
internal static class ClusterPlace
{
    private const string Name = "cluster.place";
    private const string Boot = "/proc/sys/kernel/random/boot_id";
    private const string Processes = "/proc/self/ns/pid";

    /// <summary>Claims the folder for this place when nobody uses it, else makes sure that whoever does is here, too.</summary>
    /// <param name="folder">The data folder, whose gate is held.</param>
    /// <param name="isUsed">Whether silos use it.</param>
    /// <exception cref="PrivateClusterException">They are elsewhere.</exception>
    public static void Require(string folder, bool isUsed)
    {
        var (path, here) = (Path.Combine(folder, Name), Here());
        if (!isUsed) SmallFile.WritePublic(path, here);
        else if (File.Exists(path) && File.ReadAllText(path) is var other && other != here)
            throw new PrivateClusterException(
                $"The database in '{folder}' is in use from another container or machine, whose processes can't be seen from here: stop the hub there, or " +
                "give this one a data folder of its own and MoMo:Database:ConnectionString.");
    }

    private static string Here()
    {
        if (!OperatingSystem.IsLinux()) return Environment.MachineName;
        return $"{File.ReadAllText(Boot).Trim()} {File.ResolveLinkTarget(Processes, returnFinalTarget: false)?.Name}";
    }
}
