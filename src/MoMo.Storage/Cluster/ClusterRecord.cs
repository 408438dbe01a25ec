using System.Security.Cryptography;
using System.Text.Json;
using MoMo.Storage.Disk;

namespace MoMo.Storage.Cluster;

/// <summary>
/// What the silo remembers of its private database in <c>cluster.json</c>, readable by the silo's user only. It is durable before the
/// database is made, so that there is never a database whose passwords nobody knows.
/// </summary>
/// <param name="Home">Folder of the database, relative to the data folder when inside it.</param>
/// <param name="IsMade">Whether the database was once complete; if it is gone then, it is missed rather than silently made anew and
/// empty.</param>
/// <param name="OwnerPassword">Of the owner, 256 random bits in hexadecimal.</param>
/// <param name="AppPassword">Of the runtime role, likewise.</param>
internal sealed record ClusterRecord(string Home, bool IsMade, string OwnerPassword, string AppPassword)
{
    private static readonly JsonSerializerOptions Form =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static ClusterRecord New(string home) => new(home, IsMade: false, Password(), Password());

    /// <summary>Reads the record, null if there is none yet.</summary>
    /// <exception cref="PrivateClusterException">The file is damaged.</exception>
    public static ClusterRecord? Read(string dataFolder)
    {
        var path = PathIn(dataFolder);
        if (!File.Exists(path)) return null;
        try
        {
            var record = JsonSerializer.Deserialize<ClusterRecord>(File.ReadAllText(path), Form);
            return record is { Home: not null, OwnerPassword: not null, AppPassword: not null }
                ? record
                : throw new JsonException("A field is missing.");
        }
        catch (JsonException e)
        {
            throw new PrivateClusterException($"'{path}', which holds the database's passwords, is damaged: restore it from a backup.", e);
        }
    }

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "cluster.json");

    public ClusterHome HomeIn(string dataFolder) => new(Path.GetFullPath(Home, dataFolder));

    public void Write(string dataFolder) => SmallFile.WriteSecret(PathIn(dataFolder), JsonSerializer.Serialize(this, Form));

    private static string Password() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
