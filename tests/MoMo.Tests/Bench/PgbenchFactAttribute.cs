namespace MoMo.Tests.Bench;

/// <summary>A test that needs pgbench; skipped where PostgreSQL is installed without its contrib programs, and beside Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PgbenchFactAttribute : FactAttribute
{
    public PgbenchFactAttribute()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (!OperatingSystem.IsLinux() || !path.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "pgbench"))))
            Skip = "Needs pgbench on the PATH, on Linux.";
    }
}
