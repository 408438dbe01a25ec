using System.Reflection;
using MoMo.Client.Wire;
using MoMo.Domain.Accounts;
using MoMo.Engine;
using MoMo.Storage;
using Npgsql;

namespace MoMo.Silo.Operations;

/// <summary>How the hub is, looked at again at most every two seconds however many ask.</summary>
internal sealed class StatusBoard(OverviewStore store, Journal<AccountCommand> journal, Ids ids, TimeProvider clock, ILogger<StatusBoard> log)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly string silo = ids.Next().ToString("N")[^12..];
    private readonly DateTimeOffset startedAt = clock.GetUtcNow();
    private Task<Overview?>? reading;
    private long readAt;

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(StatusBoard).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>What was counted last; null when nothing was yet. What is old is counted again in the background.</summary>
    public Overview? Latest
    {
        get
        {
            var last = ReadAsync();
            return last.IsCompletedSuccessfully ? last.Result : latest;
        }
    }

    private Overview? latest;

    /// <summary>How the hub is. Never throws for the database's sake.</summary>
    public async Task<StatusView> LookAsync(CancellationToken cancellation)
    {
        var overview = await ReadAsync().WaitAsync(cancellation);
        var down = overview is not null && overview.Adapters.GetValueOrDefault("down") > 0;
        return new StatusView
        {
            Status = overview is null || down ? "degraded" : "ok",
            Version = Version,
            Silo = silo,
            StartedAt = startedAt,
            Database = overview is not null,
            Waiting = journal.Waiting,
            Adapters = overview?.Adapters ?? new Dictionary<string, long>(),
            Deliveries = overview is null ? new Dictionary<string, long>() : new() { ["pending"] = overview.Pending, ["dead"] = overview.Dead },
            Suspense = overview?.Suspense ?? 0,
            PausedDestinations = overview?.Paused ?? new Dictionary<string, long>(),
            OpenBreakers = overview?.BreakersOpen ?? 0,
        };
    }

    private Task<Overview?> ReadAsync()
    {
        lock (gate)
        {
            if (reading is { IsCompleted: false } || (reading is not null && clock.GetElapsedTime(readAt) < Lifetime)) return reading;
            readAt = clock.GetTimestamp();
            return reading = Task.Run(CountAsync);
        }
    }

    private async Task<Overview?> CountAsync()
    {
        try
        {
            using var late = new CancellationTokenSource(AnswerMax, clock);
            return latest = await store.ReadAsync(late.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException or IOException)
        {
            log.LogWarning("The database does not answer: {Reason}", e.Message);
            return null;
        }
    }
}
