using Microsoft.Extensions.Logging;
using MoMo.Silo.Operations;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Operations;

public sealed class ClockWatchTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(3_600, "ahead of")]
    [InlineData(-3_600, "behind")]
    public async Task A_clock_that_differs_from_the_database_s_is_told(int seconds, string? side)
    {
        var database = await PostgresFixture.CreateEmptyDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        using var lines = new LogLines();
        using var logging = LoggerFactory.Create(log => log.AddProvider(lines));
        await using (await source.OpenConnectionAsync()) { } // the first takes its time
        TimeProvider clock = side is null ? TimeProvider.System : new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        using var watch = new ClockWatch(source, clock, logging.CreateLogger<ClockWatch>());
        var ahead = await watch.LookAsync(CancellationToken.None);
        Assert.Equal(Math.Sign(seconds), Math.Round(ahead.TotalHours));
        if (side is null) Assert.Empty(lines.Said);
        else Assert.Contains($"Side={side}", Assert.Single(lines.Said), StringComparison.Ordinal);
    }
}
