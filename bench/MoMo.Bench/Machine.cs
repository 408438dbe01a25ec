using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace MoMo.Bench;

/// <summary>What the figures were measured on.</summary>
internal sealed record Machine(
    int Cores, string Processor, long MemoryMegabytes, string System, string DotNet, string PostgreSql, string Durability, double LoadBefore)
{
    public static async Task<Machine> LookAsync(string connectionString, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT current_setting('server_version') || ', shared_buffers ' || current_setting('shared_buffers'),
                'fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')
                || ', full_page_writes ' || current_setting('full_page_writes')
            """,
            connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new Machine(
            Environment.ProcessorCount,
            Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_048_576,
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            row.GetString(0),
            row.GetString(1),
            double.Parse((await File.ReadAllTextAsync("/proc/loadavg", cancellation)).Split(' ')[0], CultureInfo.InvariantCulture));
    }

    public IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{Cores} cores, {Processor}, {MemoryMegabytes / 1024.0:0.#} GB memory; {System}");
        yield return $"{DotNet}; PostgreSQL {PostgreSql}; {Durability}";
        if (LoadBefore > 0.3 * Cores)
            yield return string.Create(CultureInfo.InvariantCulture, $"Careful: the machine was busy before this began (load {LoadBefore:0.0}); the figures suffer from it.");
    }

    private static string? Line(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
