using System.Diagnostics.Metrics;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Silo.Telemetry;

/// <summary>What the hub counts as it happens. Every label has a handful of values, so the series are bounded.</summary>
internal sealed class HubMetrics
{
    /// <summary>Name of the hub's meter.</summary>
    public const string MeterName = "MoMo";

    /// <summary>Label of what is of a single account: shown to administrators only.</summary>
    public const string AccountLabel = "account";

    private readonly Counter<long> payments;
    private readonly Histogram<long> turnSizes;
    private readonly Histogram<double> turnDurations;
    private readonly Counter<long> attempts;
    private readonly Counter<long> files;
    private readonly Counter<long> accountAttempts;
    private readonly TopLabels accounts = new();
    private readonly Counter<long> adapterStates;
    private readonly Counter<long> questions;
    private readonly Counter<long> refusedKeys;

    public HubMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        Meter = meters.Create(MeterName);
        payments = Meter.CreateCounter<long>("momo.payments", "{payment}", "Payments that were brought, by what came of them and how they came.");
        turnSizes = Meter.CreateHistogram(
            "momo.turn.size", "{command}", "Commands that shared one commit.", null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] });
        turnDurations = Meter.CreateHistogram(
            "momo.turn.duration", "s", "Time from the begin of a turn to its commit.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });
        attempts = Meter.CreateCounter<long>("momo.delivery.attempts", "{attempt}", "Attempts to deliver, by what came of them.");
        accountAttempts = Meter.CreateCounter<long>(
            "momo.account.attempts", "{attempt}", "Attempts to deliver to the accounts that were first with fifty of them; all others are 'other'.");
        files = Meter.CreateCounter<long>("momo.files", "{file}", "Statement files that were read, by what came of them.");
        adapterStates = Meter.CreateCounter<long>("momo.adapter.states", "{change}", "Changes of adapters' states, by the state that they came into.");
        questions = Meter.CreateCounter<long>(
            "momo.status.questions", "{question}", "Callbacks that rang, and times that PSPs were asked how a payment stands, by what came of it.");
        refusedKeys = Meter.CreateCounter<long>("momo.keys.refused", "{request}", "Requests whose key was refused, by why.");
    }

    /// <summary>The hub's meter.</summary>
    public Meter Meter { get; }

    /// <summary>A payment was brought.</summary>
    /// <param name="channel"><c>api</c>, <c>callback</c>, <c>question</c> or <c>file</c>.</param>
    /// <param name="outcome">What came of it.</param>
    public void Took(string channel, Outcome<TakenPayment> outcome)
    {
        if (payments.Enabled) payments.Add(1, new("outcome", Word(outcome)), new("channel", channel));
    }

    /// <summary>A turn was committed.</summary>
    /// <param name="journal"><c>payments</c> or <c>attempts</c>.</param>
    /// <param name="size">Its commands.</param>
    /// <param name="duration">How long it took.</param>
    public void Committed(string journal, int size, TimeSpan duration)
    {
        turnSizes.Record(size, new KeyValuePair<string, object?>("journal", journal));
        turnDurations.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("journal", journal));
    }

    /// <summary>Attempts to deliver were recorded.</summary>
    /// <param name="outcome"><c>delivered</c>, <c>retry</c>, <c>gone</c> or <c>dead</c>.</param>
    /// <param name="account">Whose; null when nobody knows.</param>
    public void Tried(string outcome, string? account = null)
    {
        attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        if (account is not null && accountAttempts.Enabled) accountAttempts.Add(1, new(AccountLabel, accounts.Of(account)), new("outcome", outcome));
    }

    /// <summary>A file was read to its end, or refused.</summary>
    /// <param name="state"><c>taken</c> or <c>refused</c>.</param>
    public void ReadFile(string state) => files.Add(1, new KeyValuePair<string, object?>("state", state));

    /// <summary>An adapter came into another state.</summary>
    /// <param name="state"><c>up</c>, <c>degraded</c>, <c>silent</c> or <c>down</c>.</param>
    public void AdapterBecame(string state) => adapterStates.Add(1, new KeyValuePair<string, object?>("state", state));

    /// <summary>A PSP was asked how a payment stands, or is to be.</summary>
    /// <param name="outcome">
    /// <c>rung</c> or <c>unnamed</c> for a callback; else <c>found</c>, <c>known</c>, <c>pending</c>, <c>failed</c>, <c>reversed</c>, <c>conflict</c>,
    /// <c>trouble</c> or <c>given_up</c>.
    /// </param>
    public void Asked(string outcome) => questions.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>A request's key was refused.</summary>
    /// <param name="reason">
    /// <c>malformed</c>, <c>unknown</c> (there is no such key), <c>wrong</c> (the key has another secret) or <c>busy</c> (too many are being looked up).
    /// </param>
    public void RefusedKey(string reason) => refusedKeys.Add(1, new KeyValuePair<string, object?>("reason", reason));

    private static string Word(Outcome<TakenPayment> outcome) =>
        outcome.Accepted is not { } taken ? "refused" : taken.Replayed ? "replayed" : taken.Payment.AccountId is null ? "suspense" : "accepted";
}
