using MoMo.Storage;
using Npgsql;

namespace MoMo.Silo.Operations;

/// <summary>
/// Compares the silo's clock with the database's. Leases and due times are written by the clocks of the silos: where these differ by more than a lease, two
/// silos take each other's work and send it twice.
/// </summary>
internal sealed class ClockWatch(NpgsqlDataSource database, TimeProvider clock, ILogger<ClockWatch> log) : BackgroundService
{
    /// <summary>So far apart they may be; NTP keeps them within a tenth of a second.</summary>
    public static readonly TimeSpan ApartMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>Compares them now, and warns when they are too far apart.</summary>
    /// <returns>By how much the silo's clock is ahead, as far as can be told.</returns>
    public async Task<TimeSpan> LookAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        var (asked, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        var theirs = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellation))!);
        var way = clock.GetElapsedTime(began) / 2;
        var ahead = asked + way - theirs;
        if (ahead.Duration() - way > ApartMax)
        {
            log.LogWarning(
                "This silo's clock is {Seconds:0.0} s {Side} the database's. Silos whose clocks differ do each other's work again: let NTP set them.",
                ahead.Duration().TotalSeconds, ahead > TimeSpan.Zero ? "ahead of" : "behind");
        }

        return ahead;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
            {
                // The database is away, or we end: there is nothing to compare with.
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
