using MoMo.Storage.Disk;

namespace MoMo.Storage.Cluster;

/// <summary>Makes the private cluster once, with PostgreSQL's own <c>initdb</c>.</summary>
internal static class ClusterMaker
{
    private const string DraftPrefix = "draft-";

    /// <summary>
    /// Makes the cluster in a folder of another name, which gets its real name when it is complete: whenever this is killed, there is
    /// either a whole cluster or none. The caller holds the cluster's lock.
    /// </summary>
    /// <exception cref="PrivateClusterException"><c>initdb</c> failed.</exception>
    public static async Task MakeAsync(
        ClusterHome home, ServerBinaries binaries, ServerUser user, string ownerPassword, CancellationToken cancellation)
    {
        RemoveDrafts(home);
        var draft = Path.Combine(home.Root, DraftPrefix + Path.GetRandomFileName());
        var passwordFile = Path.Combine(home.Root, "owner.password");
        ClusterHome.MakeOwned(draft, user);
        try
        {
            SmallFile.WriteSecret(passwordFile, ownerPassword + "\n");
            user.Own(passwordFile);
            var run = await user.RunAsync(
                [
                    binaries.Program("initdb"), "--pgdata", draft, "--username", ClusterRoles.Owner, "--pwfile", passwordFile,
                    "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--data-checksums", "--no-instructions",
                ], cancellation);
            if (!run.Succeeded)
                throw new PrivateClusterException(
                    $"PostgreSQL's initdb could not make a database in '{home.Root}': {LastLine(run.Output)}");
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(draft, home.Data);
        Posix.SyncFolder(home.Root);
        RemoveDrafts(home);
    }

    /// <summary>
    /// Removes what killed starts left. The initdb of a silo just killed may still write there; what it keeps us from removing goes next
    /// time.
    /// </summary>
    private static void RemoveDrafts(ClusterHome home)
    {
        foreach (var left in Directory.GetDirectories(home.Root, DraftPrefix + "*"))
        {
            try
            {
                Directory.Delete(left, recursive: true);
            }
            catch (IOException) when (Directory.Exists(left))
            {
                // In use; see above.
            }
        }
    }

    private static string LastLine(string output) =>
        output.Split('\n').LastOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? output.Split('\n')[^1];
}
