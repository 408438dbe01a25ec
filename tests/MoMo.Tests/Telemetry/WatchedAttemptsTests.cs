using Microsoft.Extensions.Logging;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Silo.Telemetry;
using MoMo.Tests.Support;
using Microsoft.Extensions.Configuration;
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
        using var lines = new LogLines();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(lines));
        var ids = new Ids();
        var (arrived, dead, paid) = (ids.Next(), ids.Next(), ids.Next());
        await Watched(logs, factory).RunAsync(
            [
                new RecordAttempt(arrived, 1, new AttemptResult(AttemptVerdict.Delivered, 200, null, null) { Duration = TimeSpan.FromMilliseconds(12) }, Now, null)
                {
                    AccountId = "acme", DestinationId = "hook", PaymentId = paid,
                },
                new RecordAttempt(ids.Next(), 0, new AttemptResult(AttemptVerdict.Retry, 503, "busy", null), Now, Now.AddSeconds(5)),
                new RecordAttempt(dead, 9, new AttemptResult(AttemptVerdict.Retry, null, "No answer.", null) { Cause = DeliveryCause.AccountUnreachable }, Now, null)
                {
                    AccountId = "beta", DestinationId = "alarms",
                },
                new RecordAttempt(ids.Next(), 0, new AttemptResult(AttemptVerdict.Gone, 410, "gone", null), Now, Now),
            ],
            TurnPlace.First(), CancellationToken.None);

        Assert.Equal(
            [
                $"Information MoMo.Deliveries.Outcome delivered Delivery={arrived} Account=acme Destination=hook Payment={paid} Attempts=2 Status=200 Milliseconds=12",
                $"Warning MoMo.Deliveries.Outcome dead Delivery={dead} Account=beta Destination=alarms Payment= Attempts=10 Status= Cause=account_unreachable Reason=No answer.",
            ],
            lines.Said.Where(one => one.Contains(" MoMo.Deliveries.Outcome ", StringComparison.Ordinal)));
        Assert.Equal(3, lines.Said.Count); // and who answered 410
        var metrics = text.Write();
        foreach (var outcome in (string[])["delivered", "retry", "dead", "gone"])
            Assert.Contains($"momo_delivery_attempts_total{{outcome=\"{outcome}\"}} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_want_a_line_for_each_arrival_turns_the_category_down_and_is_told_of_the_dead_still()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var lines = new LogLines();
        var settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("LogLevel:MoMo.Deliveries.Outcome", "Warning")]).Build();
        using var logs = LoggerFactory.Create(logging => logging.AddConfiguration(settings).AddProvider(lines));
        await Watched(logs, services.GetRequiredService<IMeterFactory>()).RunAsync(
            [
                new RecordAttempt(new Ids().Next(), 0, new AttemptResult(AttemptVerdict.Delivered, 200, null, null), Now, null),
                new RecordAttempt(new Ids().Next(), 9, new AttemptResult(AttemptVerdict.Retry, 500, "No.", null), Now, null),
            ],
            TurnPlace.First(), CancellationToken.None);
        Assert.StartsWith("Warning MoMo.Deliveries.Outcome dead ", Assert.Single(lines.Said), StringComparison.Ordinal);
    }

    private sealed class Done : ITurn<RecordAttempt>
    {
        public Task RunAsync(IReadOnlyList<RecordAttempt> commands, TurnPlace place, CancellationToken cancellation) => Task.CompletedTask;
    }

    private static WatchedAttempts Watched(ILoggerFactory logs, IMeterFactory factory) =>
        new(new Done(), new HubMetrics(factory), new OutcomeLog(logs), logs.CreateLogger<Deliverer>());
}
