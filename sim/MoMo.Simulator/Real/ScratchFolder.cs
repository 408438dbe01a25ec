using System.Diagnostics;
using System.Globalization;

namespace MoMo.Simulator.Real;

/// <summary>
/// A folder for one test or one run, below the temporary folder. Others may pass through it, since under root PostgreSQL runs as another
/// user. Whatever happens to this process, a small watchman stops the PostgreSQL servers in it and removes it.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Stops each server below the folder at once, waits until it is gone (10 s at most), and removes the folder.</summary>
    private const string Clean = """
        clean() {
            for file in "$1"/*/postgres/data/postmaster.pid "$1"/postgres/data/postmaster.pid; do
                pid=$(head -n 1 "$file" 2>/dev/null) || continue
                case $(ps -p "$pid" -o comm= 2>/dev/null) in postgres*) kill -QUIT "$pid" || continue ;; *) continue ;; esac
                tries=0
                while [ $tries -lt 100 ]; do
                    case $(ps -p "$pid" -o stat=) in ''|Z*) break ;; esac
                    tries=$((tries + 1)); sleep 0.1
                done
            done
            rm -rf "$1"
        }
        """;

    private static readonly string Parent = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "momo-scratch");
    private static readonly Lazy<string> Run = new(BeginRun);
    private static int made;

    public ScratchFolder()
    {
        Path = System.IO.Path.Combine(Run.Value, Interlocked.Increment(ref made).ToString(CultureInfo.InvariantCulture));
        Make(Path);
    }

    public string Path { get; }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    private static string BeginRun()
    {
        Directory.CreateDirectory(Parent);
        var run = System.IO.Path.Combine(Parent, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        foreach (var left in Directory.GetDirectories(Parent).Where(folder => folder == run || !IsAlive(folder)))
            using (var cleaning = Shell($"{Clean}\nclean \"$0\"", left))
                cleaning.WaitForExit();
        Make(run);

        // The watchman reads until this process ends, however it ends, and then cleans up. We hold the other end of its pipe.
        Watchman = Shell($"trap '' INT TERM HUP\n{Clean}\nread -r _\nclean \"$0\"", run);
        return run;
    }

    private static Process? Watchman { get; set; }

    private static void Make(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, Passable);
    }

    private static Process Shell(string script, string argument)
    {
        string[] arguments = ["-c", $"exec >/dev/null 2>&1\n{script}", argument];
        return Process.Start(new ProcessStartInfo("/bin/sh", arguments) { RedirectStandardInput = true, WorkingDirectory = "/" })!;
    }

    private static bool IsAlive(string folder)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(System.IO.Path.GetFileName(folder), CultureInfo.InvariantCulture));
            return !process.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
