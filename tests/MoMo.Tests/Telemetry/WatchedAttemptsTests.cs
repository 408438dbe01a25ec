using Microsoft.Extensions.Logging;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using System.Diagnostics.Metrics;

namespace MoMo.Tests.Telemetry;

public sealed class WatchedAttemptsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_last_word_on_a_delivery_is_logged_and_each_attempt_is_counted()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var text = new MetricsText(factory);
        var log = new Lines();
        var ids = new Ids();
        var (arrived, dead) = (ids.Next(), ids.Next());
        await new WatchedAttempts(new Done(), new HubMetrics(factory), log).RunAsync(
            [
                new RecordAttempt(arrived, 0, new AttemptResult(AttemptVerdict.Delivered, 200, null, null), Now, null),
                new RecordAttempt(ids.Next(), 0, new AttemptResult(AttemptVerdict.Retry, 503, "busy", null), Now, Now.AddSeconds(5)),
                new RecordAttempt(dead, 9, new AttemptResult(AttemptVerdict.Retry, 500, "Internal error.", null), Now, null),
                new RecordAttempt(ids.Next(), 0, new AttemptResult(AttemptVerdict.Gone, 410, "gone", null), Now, Now),
            ],
            TurnPlace.First(), CancellationToken.None);

        Assert.Equal([LogLevel.Debug, LogLevel.Information, LogLevel.Information], log.Said.Select(one => one.Level));
        Assert.Contains($"{arrived} arrived at attempt 1", log.Said[0].Text, StringComparison.Ordinal);
        Assert.Contains($"{dead} is dead after 10 attempts (status 500)", log.Said[1].Text, StringComparison.Ordinal);
        var metrics = text.Write();
        foreach (var outcome in (string[])["delivered", "retry", "dead", "gone"])
            Assert.Contains($"momo_delivery_attempts_total{{outcome=\"{outcome}\"}} 1\n", metrics, StringComparison.Ordinal);
    }

    private sealed class Done : ITurn<RecordAttempt>
    {
        public Task RunAsync(IReadOnlyList<RecordAttempt> commands, TurnPlace place, CancellationToken cancellation) => Task.CompletedTask;
    }

    private sealed class Lines : ILogger<Deliverer>
    {
        public List<(LogLevel Level, string Text)> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add((logLevel, formatter(state, exception)));
    }
}
