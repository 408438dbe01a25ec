using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MoMo.Domain.Adapters;
using MoMo.Silo.Telemetry;

namespace MoMo.Tests.Telemetry;

public sealed class AdapterAlarmTests
{
    [Fact]
    public void Every_change_of_a_state_is_a_line_of_the_log_and_counted()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new HubMetrics(services.GetRequiredService<IMeterFactory>());
        List<string> counted = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == metrics.Meter && instrument.Name == "momo.adapter.states") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add($"{tags[0].Key} {tags[0].Value} {value}"));
        listener.Start();
        var lines = new Lines();
        var alarm = new AdapterAlarm(metrics, lines);

        alarm.Announce(new AdapterStateChange(1, "bank", "up", "silent", "no payment for 31 minutes, in which 30 are usual", default));
        alarm.Announce(new AdapterStateChange(2, "bank", "silent", "down", "lease ran out", default));
        alarm.Announce(new AdapterStateChange(3, "bank", "down", "up", null, default));

        Assert.Equal(["state silent 1", "state down 1", "state up 1"], counted);
        Assert.Equal(
            [
                "Warning Adapter bank is silent: no payment for 31 minutes, in which 30 are usual. It was up.",
                "Warning Adapter bank is down: lease ran out. It was silent.", "Information Adapter bank is up; it was down.",
            ],
            lines.Said);
    }

    private sealed class Lines : ILogger<AdapterAlarm>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add($"{logLevel} {formatter(state, exception)}");
    }
}
