using MoMo.Bench.Load;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Webhooks;
using MoMo.Engine;
using MoMo.Storage.Deliveries;
using Npgsql;

namespace MoMo.Bench.Hub;

/// <summary>The delivering half of a silo in this process, on a hub's database whose destinations all lead to one sink.</summary>
internal sealed class Dispatch : IAsyncDisposable
{
    private readonly HubDatabase hub;
    private readonly NpgsqlDataSource database;
    private readonly WebhookKind webhooks;

    public Dispatch(HubDatabase hub)
    {
        this.hub = hub;
        var settings = new NpgsqlConnectionStringBuilder(hub.AppConnectionString)
        {
            MaxPoolSize = 64, NoResetOnClose = true, MaxAutoPrepare = 50, AutoPrepareMinUsages = 2,
        };
        database = NpgsqlDataSource.Create(settings.ConnectionString);
        Lanes = new LaneStore(database, TimeProvider.System, static (_, text) => text);
        webhooks = new WebhookKind(Options(), TimeProvider.System);
    }

    public LaneStore Lanes { get; }

    /// <summary>Connections as the deliverer has them.</summary>
    public static WebhookOptions Options()
    {
        var options = new WebhookOptions();
        options.AllowedNetworks.Add("127.0.0.0/8");
        return options;
    }

    /// <summary>Makes every delivery pending again and every destination lead to a path of its own.</summary>
    public Task ResetAsync(string url, CancellationToken cancellation) => hub.DoAsync(
        $"""
        UPDATE destinations SET paused = false, url = '{url}/' || account_id, secret = '{WebhookSecret.Make().Show()}';
        TRUNCATE delivery_rows;
        UPDATE lane_marks SET mark = 0;
        DELETE FROM lane_states;
        UPDATE agenda SET due_at = now(), leased_until = '-infinity' WHERE kind = 'lane';
        """,
        cancellation);

    /// <summary>Delivers until so many have arrived at the sink.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> RunAsync(Sink sink, long count, CancellationToken cancellation)
    {
        await using var outcomes = new Journal<RecordAttempt>(new AttemptTurn(database), new JournalOptions(), TimeProvider.System);
        var faults = new List<string>();
        var deliverer = new Deliverer(
            Lanes, outcomes, [webhooks], PaymentEvent.Write, new DelivererOptions { Grace = TimeSpan.Zero }, Random.Shared, TimeProvider.System,
            (fault, where) => faults.Add($"{where}: {fault.Message}"));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (target, began) = (sink.Received + count, TimeProvider.System.GetTimestamp());
        var running = deliverer.RunAsync(stopping.Token);
        while (sink.Received < target && faults.Count == 0 && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(10))
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        var took = TimeProvider.System.GetElapsedTime(began);
        await stopping.CancelAsync();
        await running;
        return faults.Count == 0 ? took : throw new BenchException(faults[0]);
    }

    public async ValueTask DisposeAsync()
    {
        webhooks.Dispose();
        await database.DisposeAsync();
    }
}
