using System.ComponentModel;
using System.Diagnostics;

namespace MoMo.Storage.Cluster;

/// <summary>What came of running a program to its end.</summary>
internal sealed record ToolRun(int ExitCode, string Output)
{
    private const int OutputMax = 64_000;

    /// <summary>
    /// What a program inherits. Everything else stays here: the silo's environment may hold secrets, and PG* variables would
    /// lead PostgreSQL's programs astray.
    /// </summary>
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

    public bool Succeeded => ExitCode == 0;

    /// <summary>Runs a program and collects what it says, up to 64,000 characters.</summary>
    /// <param name="program">Full path.</param>
    /// <param name="arguments">Passed as they are, without a shell.</param>
    /// <param name="cancellation">Ends the program and the wait.</param>
    /// <exception cref="PrivateClusterException">The program can't be started.</exception>
    public static async Task<ToolRun> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        // The folder we are in may be closed to the server's user, and PostgreSQL's programs insist on knowing theirs.
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var name in Inherited)
            if (Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        start.Environment["LC_ALL"] = "C";

        using var process = Launch(start);
        process.StandardInput.Close();
        try
        {
            var said = await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            var output = string.Join('\n', said.Where(text => text.Length > 0)).Trim();
            return new ToolRun(process.ExitCode, output.Length > OutputMax ? output[..OutputMax] : output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: false);
            throw;
        }
    }

    private static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PrivateClusterException($"'{start.FileName}' can't be run ({e.Message}): check the installation of PostgreSQL.", e);
        }
    }
}
