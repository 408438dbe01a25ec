using System.Globalization;
using MoMo.Storage.Disk;

namespace MoMo.Storage.Cluster;

/// <summary>
/// Who the server runs as. PostgreSQL refuses to run as root, so under root it becomes a user without privileges;
/// otherwise it is simply us.
/// </summary>
internal sealed class ServerUser
{
    private static readonly string[] Candidates = ["postgres", "nobody"];
    private static readonly string[] ProgramFolders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

    /// <summary>Turns a command into one that another user runs; null when it is our own user.</summary>
    private readonly Func<IReadOnlyList<string>, IReadOnlyList<string>>? become;
    private readonly (uint User, uint Group) ids;

    private ServerUser(string name, (uint, uint) ids, Func<IReadOnlyList<string>, IReadOnlyList<string>>? become) =>
        (Name, this.ids, this.become) = (name, ids, become);

    public string Name { get; }

    /// <summary>Whether the server runs as somebody else than the silo.</summary>
    public bool IsOther => become is not null;

    /// <summary>
    /// Ourselves, or under root the first of <c>postgres</c> and <c>nobody</c> that exists, by the first program that can switch.
    /// </summary>
    /// <exception cref="PrivateClusterException">Under root there is no such user or no program that switches to it.</exception>
    public static async Task<ServerUser> ChooseAsync(CancellationToken cancellation)
    {
        if (!Posix.IsRoot) return new ServerUser(Environment.UserName, default, null);

        var (name, ids) = Candidates.Select(Find).FirstOrDefault(found => found is not null) ?? throw new PrivateClusterException(
            "PostgreSQL does not run as root and there is no user 'postgres' or 'nobody' for it: add one ('useradd --system " +
            "postgres') or run the silo as an ordinary user.");
        foreach (var way in Ways(name, ids))
        {
            if (ProgramFolders.Select(folder => Path.Combine(folder, way.Program)).FirstOrDefault(File.Exists) is not { } program) continue;
            var user = new ServerUser(name, ids, command => [program, .. way.Arguments(command)]);
            if ((await user.RunAsync(["/bin/sh", "-c", ":"], cancellation)).Succeeded) return user;
        }

        throw new PrivateClusterException(
            $"PostgreSQL does not run as root and none of setpriv, runuser and su can switch to user '{name}': install util-linux " +
            "or run the silo as an ordinary user.");
    }

    /// <summary>Runs a program as this user, to its end.</summary>
    public Task<ToolRun> RunAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var full = become is null ? command : become(command);
        return ToolRun.RunAsync(full[0], full.Skip(1), cancellation);
    }

    /// <summary>Whether this user can get into a folder, that is, may pass through everything above it.</summary>
    public async Task<bool> CanReachAsync(string folder, CancellationToken cancellation) =>
        !IsOther || (await RunAsync(["/bin/sh", "-c", "cd \"$0\"", folder], cancellation)).Succeeded;

    /// <summary>Makes this user the owner of a file or folder.</summary>
    public void Own(string path)
    {
        if (IsOther) Posix.GiveTo(path, ids.User, ids.Group);
    }

    private static IEnumerable<(string Program, Func<IReadOnlyList<string>, IReadOnlyList<string>> Arguments)> Ways(
        string name, (uint User, uint Group) ids)
    {
        yield return ("setpriv", command => [$"--reuid={ids.User}", $"--regid={ids.Group}", "--init-groups", "--", .. command]);
        yield return ("runuser", command => ["-u", name, "--", .. command]);
        yield return ("su", command => ["-s", "/bin/sh", name, "-c", $"exec {string.Join(' ', command.Select(Quote))}"]);
    }

    /// <summary>For a shell of POSIX: nothing means anything inside single quotes.</summary>
    internal static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static (string Name, (uint, uint) Ids)? Find(string name)
    {
        if (!File.Exists("/etc/passwd")) return null;
        var fields = File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
            .FirstOrDefault(line => line.Length > 3 && line[0] == name);
        return fields is null
            ? null
            : (name, (uint.Parse(fields[2], CultureInfo.InvariantCulture), uint.Parse(fields[3], CultureInfo.InvariantCulture)));
    }
}
