using System.Diagnostics.Metrics;
using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Silo.Operations;

namespace MoMo.Silo.Telemetry;

/// <summary>What is looked at when somebody asks: queues, lanes, adapters, destinations.</summary>
internal sealed class HubGauges
{
    public HubGauges(
        HubMetrics metrics, Journal<AccountCommand> payments, Journal<RecordAttempt> attempts, Deliverer deliverer, StatusBoard board)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var meter = metrics.Meter;
        meter.CreateObservableGauge(
            "momo.journal.waiting", () => new[] { Of(payments.Waiting, "journal", "payments"), Of(attempts.Waiting, "journal", "attempts") },
            "{command}", "Commands that wait for a turn.");
        meter.CreateObservableUpDownCounter("momo.lanes.active", () => deliverer.Active, "{lane}", "Lanes that this silo works on.");
        meter.CreateObservableGauge(
            "momo.adapters", () => board.Latest is { } seen ? seen.Adapters.Select(one => Of(one.Value, "state", one.Key)) : [],
            "{adapter}", "Adapters by state.");
        meter.CreateObservableGauge(
            "momo.deliveries", () => board.Latest is { } seen ? [Of(seen.Pending, "state", "pending"), Of(seen.Dead, "state", "dead")] : Array.Empty<Measurement<long>>(),
            "{delivery}", "Deliveries that are not done, counted up to 10,000.");
        meter.CreateObservableGauge(
            "momo.suspense", () => board.Latest is { } seen ? [new Measurement<long>(seen.Suspense)] : Array.Empty<Measurement<long>>(),
            "{payment}", "Payments that belong to nobody yet; no count goes on past 10,000.");
        meter.CreateObservableGauge(
            "momo.destinations.paused", () => board.Latest is { } seen ? seen.Paused.Select(one => Of(one.Value, "reason", one.Key)) : [],
            "{destination}", "Destinations that the hub paused by itself, by reason, of each counted up to 10,000.");
        meter.CreateObservableGauge(
            "momo.breakers.open", () => board.Latest is { } seen ? [new Measurement<long>(seen.BreakersOpen)] : Array.Empty<Measurement<long>>(),
            "{breaker}", "Breakers of destinations that have opened and not closed since, counted up to 10,000.");
    }

    private static Measurement<long> Of(long value, string label, string word) => new(value, new KeyValuePair<string, object?>(label, word));
}
