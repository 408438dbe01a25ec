using System.Globalization;
using System.Text.RegularExpressions;

namespace MoMo.Storage.Cluster;

/// <summary>A folder of PostgreSQL's server programs.</summary>
/// <param name="Folder">Full path, links resolved.</param>
/// <param name="Major">Major version, such as 15.</param>
public sealed partial record ServerBinaries(string Folder, int Major)
{
    /// <summary>Oldest major version the hub runs on.</summary>
    public const int MajorMin = 14;

    private static readonly string[] Programs = ["postgres", "initdb", "pg_ctl"];

    /// <summary>
    /// Where systems install PostgreSQL outside of PATH: a parent folder, what its versions are called, and where programs are in them.
    /// </summary>
    private static readonly (string Parent, string Pattern, string Bin)[] Usual =
    [
        ("/usr/lib/postgresql", "*", "bin"), ("/usr", "pgsql-*", "bin"), ("/opt/homebrew/opt", "postgresql*", "bin"),
        ("/usr/local/opt", "postgresql*", "bin"), ("/home/linuxbrew/.linuxbrew/opt", "postgresql*", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*", "bin"), ("/usr/local", "pgsql*", "bin"),
    ];

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionText { get; }

    /// <summary>Folders worth a look: those of PATH, then the usual places with the newest version first.</summary>
    /// <param name="path">The search path, as in the environment variable PATH.</param>
    public static IReadOnlyList<string> Places(string? path) =>
    [
        .. (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        .. Usual.Where(usual => Directory.Exists(usual.Parent)).SelectMany(usual =>
            Directory.GetDirectories(usual.Parent, usual.Pattern).OrderByDescending(VersionIn)
                .Select(folder => Path.Combine(folder, usual.Bin))),
    ];

    /// <summary>Finds the server programs.</summary>
    /// <param name="binFolder">The configured folder; only this one is tried when given.</param>
    /// <param name="places">Folders to try otherwise, see <see cref="Places"/>.</param>
    /// <param name="major">The version that a cluster was made with; null for any.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="PrivateClusterException">There are none. The message says what to install or which setting to give.</exception>
    public static async Task<ServerBinaries> FindAsync(
        string? binFolder, IReadOnlyList<string> places, int? major, CancellationToken cancellation)
    {
        var tried = new HashSet<string>();
        foreach (var place in binFolder is null ? places : [binFolder])
        {
            if (Resolve(place) is not { } folder || !tried.Add(folder)) continue;
            if (await MajorOfAsync(folder, cancellation) is { } found && (major is null ? found >= MajorMin : found == major))
                return new ServerBinaries(folder, found);
        }

        throw new PrivateClusterException(Missing(binFolder, major));
    }

    /// <summary>Full path of one of the programs.</summary>
    internal string Program(string name) => Path.Combine(Folder, name);

    private static string Missing(string? binFolder, int? major)
    {
        var version = major is { } made ? $"{made}" : $"{MajorMin} or newer";
        if (binFolder is not null)
            return
                $"MoMo:Database:BinFolder is '{binFolder}', which does not hold postgres, initdb and pg_ctl of PostgreSQL {version}: " +
                "correct it, or leave it out to search.";
        var why = major is null ? "No PostgreSQL server was found" : $"The database was made by PostgreSQL {version}, which was not found";
        var package = major is null ? "apt install postgresql" : $"apt install postgresql-{major}";
        return
            $"{why}: install version {version} (for example '{package}'), set MoMo:Database:BinFolder to its bin folder, or set " +
            "MoMo:Database:ConnectionString to a database elsewhere.";
    }

    /// <summary>
    /// The folder the programs really are in: a link to <c>postgres</c> is followed, because its companions are beside the original.
    /// </summary>
    private static string? Resolve(string place)
    {
        var server = new FileInfo(Path.Combine(place, Programs[0]));
        if (!server.Exists) return null;
        var folder = Path.GetDirectoryName(server.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? server.FullName)!;
        return Array.TrueForAll(Programs, name => File.Exists(Path.Combine(folder, name))) ? folder : null;
    }

    private static async Task<int?> MajorOfAsync(string folder, CancellationToken cancellation)
    {
        var run = await ToolRun.RunAsync(Path.Combine(folder, Programs[0]), ["--version"], cancellation);
        var match = VersionText.Match(run.Output);
        return match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    private static Version VersionIn(string folder)
    {
        var digits = string.Concat(Path.GetFileName(folder)
            .SkipWhile(letter => !char.IsAsciiDigit(letter)).TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.'));
        return Version.TryParse(digits.Contains('.') ? digits : $"{digits}.0", out var version) ? version : new Version(0, 0);
    }
}
