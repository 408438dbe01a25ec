using System.Globalization;

namespace MoMo.Bench;

/// <summary>The folder of one run. Others may pass through it, since under root PostgreSQL runs as another user; it goes with the run.</summary>
internal sealed class BenchFolder : IDisposable
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string path;

    private BenchFolder(string path) => this.path = path;

    /// <summary>Makes it below the given folder, else below the temporary one.</summary>
    public static BenchFolder MakeBelow(string? parent)
    {
        var path = Path.Combine(
            Path.GetFullPath(parent ?? Path.GetTempPath()), "momo-bench-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
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

    public void Dispose() => Directory.Delete(path, recursive: true);
}
