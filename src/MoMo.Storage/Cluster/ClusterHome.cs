using System.Security.Cryptography;
using System.Text;
using MoMo.Storage.Disk;

namespace MoMo.Storage.Cluster;

/// <summary>
/// The folder the private database lives in. The folder and its settings are the silo's; what the server writes (<c>data</c>, <c>run</c>,
/// <c>log</c>) belongs to the server's user, so that a silo under root never writes into a folder another user could prepare.
/// </summary>
internal sealed record ClusterHome(string Root)
{
    /// <summary>Where an operator's own settings go; it wins over the written ones.</summary>
    public const string LocalSettingsName = "local.conf";

    private const string InDataFolder = "postgres";
    private const string Elsewhere = "/var/lib/momo";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Data => Path.Combine(Root, "data");

    public string Log => Path.Combine(Root, "log");

    public string LocalSettings => Path.Combine(Root, LocalSettingsName);

    public string Run => Path.Combine(Root, "run");

    public string Settings => Path.Combine(Root, "postgresql.conf");

    /// <summary>What the server says before its log is open.</summary>
    public string StartLog => Path.Combine(Log, "start.log");

    /// <summary>Whether a whole cluster is there: it gets its name only when it is complete.</summary>
    public bool IsMade => File.Exists(VersionFile);

    /// <summary>Major version of PostgreSQL that made the cluster; null before.</summary>
    public int? Major => IsMade && int.TryParse(File.ReadAllText(VersionFile).Trim(), out var major) ? major : null;

    private string VersionFile => Path.Combine(Data, "PG_VERSION");

    /// <summary>
    /// The folder <c>postgres</c> in the data folder, or, when the server's user can't get there (below root's home, for instance),
    /// a folder of its own under <c>/var/lib/momo</c>.
    /// </summary>
    /// <returns>The path, relative to the data folder when inside it, so that the data folder can be moved.</returns>
    public static async Task<string> ChooseAsync(string dataFolder, ServerUser user, CancellationToken cancellation)
    {
        if (await user.CanReachAsync(dataFolder, cancellation)) return InDataFolder;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..16];
        return Path.Combine(Elsewhere, name);
    }

    /// <summary>Makes the folders that are missing, and checks that the server's user gets there.</summary>
    /// <exception cref="PrivateClusterException">The user can't reach the folder.</exception>
    public async Task EnsureAsync(ServerUser user, CancellationToken cancellation)
    {
        var root = user.IsOther ? Passable : Private;
        DataFolder.Make(Path.GetDirectoryName(Root)!, root);
        DataFolder.Make(Root, root);
        if (!await user.CanReachAsync(Root, cancellation))
            throw new PrivateClusterException(
                $"User '{user.Name}', who runs PostgreSQL because root may not, can't get into '{Root}': allow passing through " +
                $"the folders above it ('chmod o+x') or move the data folder, for example to {Elsewhere}.");
        MakeOwned(Run, user);
        MakeOwned(Log, user);
    }

    /// <summary>Makes a folder for the server's user alone.</summary>
    public static void MakeOwned(string folder, ServerUser user)
    {
        if (Directory.Exists(folder)) return;
        DataFolder.Make(folder, Private);
        user.Own(folder);
    }
}
