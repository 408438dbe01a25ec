using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace MoMo.Silo.Telemetry;

/// <summary>
/// Writes metrics in Prometheus' text format (version 0.0.4). The hub's own meter is listened to from the start. Those of the framework measure
/// every request, so they are listened to from the first time on that somebody asks: who does not scrape does not pay.
/// </summary>
internal sealed class MetricsText : IDisposable
{
    /// <summary>Name of the silo's pool of connections. Other pools, which live only while the database is made ready, are left out.</summary>
    public const string PoolName = "momo";

    // Not System.Net.Http: it would show every account's server to whoever may read this.
    private static readonly string[] FrameworkMeters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql",
    ];

    private readonly IMeterFactory factory;
    private readonly ConcurrentDictionary<Instrument, MetricSeries> series = new();
    private readonly Lock asking = new();
    private readonly MeterListener own;
    private MeterListener? framework;

    public MetricsText(IMeterFactory factory)
    {
        this.factory = factory;
        own = Listen(name => name == HubMetrics.MeterName);
    }

    /// <summary>All series now.</summary>
    /// <param name="withAccounts">Those of single accounts, too, whose ids are customers' names.</param>
    public string Write(bool withAccounts = true)
    {
        lock (asking)
        {
            framework ??= Listen(name => FrameworkMeters.Contains(name));
            foreach (var one in series)
            {
                if (one.Key.IsObservable) one.Value.Forget();
            }

            own.RecordObservableInstruments();
            framework.RecordObservableInstruments();
            var text = new StringBuilder(32_768);
            foreach (var one in series.Values.OrderBy(one => one.Name, StringComparer.Ordinal))
            {
                if (withAccounts || !one.NamesAccounts) one.Write(text);
            }

            return text.ToString();
        }
    }

    public void Dispose()
    {
        own.Dispose();
        framework?.Dispose();
    }

    private MeterListener Listen(Func<string, bool> wanted)
    {
        var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            // Another host in this process has meters of the same names; they are none of ours.
            if (!wanted(instrument.Meter.Name) || (instrument.Meter.Scope is { } scope && scope != factory)) return;
            self.EnableMeasurementEvents(instrument, series.GetOrAdd(instrument, static one => new MetricSeries(one)));
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Measure(value, tags, state));
        listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Measure(value, tags, state));
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Measure(value, tags, state));
        listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Measure(value, tags, state));
        listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Measure(value, tags, state));
        listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Measure(value, tags, state));
        listener.Start();
        return listener;
    }

    private static void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == "db.client.connection.pool.name" && tag.Value is not PoolName) return;
        }

        ((MetricSeries)state!).Measure(value, tags);
    }
}
