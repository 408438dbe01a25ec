using System.Globalization;

namespace MoMo.Bench;

/// <summary>The folder of one run. Others may pass through it, since under root PostgreSQL runs as another user; it goes with the run.</summary>
internal sealed class BenchFolder : IDisposable
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const string Prefix = "momo-bench-";

    private readonly string path;

    private BenchFolder(string path) => this.path = path;

    /// <summary>Folders beside it of runs that were killed, and so could not clean up.</summary>
    public IReadOnlyList<string> LeftOver() =>
        [.. Directory.GetDirectories(Path.GetDirectoryName(path)!, Prefix + "*").Where(other => other != path && !IsAlive(other))];

    /// <summary>Makes it below the given folder, else below the temporary one.</summary>
    public static BenchFolder MakeBelow(string? parent)
    {
        var path = Path.Combine(
            Path.GetFullPath(parent ?? Path.GetTempPath()), Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        if (Directory.Exists(path)) throw new BenchException($"'{path}' is left over from an earlier run: stop what uses it, and remove it.");
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, Passable);
        return new BenchFolder(path);
    }

    /// <summary>Makes a folder in it.</summary>
    public string Make(string name)
    {
        var inside = Path.Combine(path, name);
        Directory.CreateDirectory(inside);
        File.SetUnixFileMode(inside, Passable);
        return inside;
    }

    private static bool IsAlive(string folder) =>
        Directory.Exists(string.Concat("/proc/", Path.GetFileName(folder).AsSpan(Prefix.Length)));

    public void Dispose() => Directory.Delete(path, recursive: true);
}
