using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using MoMo.Domain.Adapters;
using MoMo.Silo.Hosting;
using Npgsql;

namespace MoMo.Silo.Demo;

/// <summary>Runs the demo as long as the silo runs: begins when the silo listens, and stops before it.</summary>
internal sealed class DemoHost(
    DemoSetup setup, DemoDesk desk, IServer server, IAdapters adapters, IOptions<DemoOptions> options, TimeProvider clock, ILogger<DemoHost> log)
    : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource stopping = new();
    private DemoAccountServer? accounts;
    private DemoPayer? payer;
    private Task running = Task.CompletedTask;

    /// <summary>Where the account server shows what it received; null until it runs.</summary>
    public Uri? Page => accounts?.Address;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        accounts = await DemoAccountServer.StartAsync(desk, options.Value.Port, clock, cancellationToken);
        var ready = await setup.EnsureAsync(accounts.Address, cancellationToken);
        desk.Trust(ready.Secrets);
        payer = new DemoPayer(new Uri(ListenAddress.Of(server)), ready, options.Value, clock, log);
        running = Task.WhenAll(payer.RunAsync(stopping.Token), BeatAsync(ready.LiveAdapters, stopping.Token));
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await running;
        payer?.Dispose();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The account server goes last: deliveries in flight may still arrive.
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (accounts is not null) await accounts.DisposeAsync();
        stopping.Dispose();
    }

    /// <summary>The adapters that the payer stands for say that they are alive, as an adapter should.</summary>
    private async Task BeatAsync(IReadOnlyList<string> live, CancellationToken cancellation)
    {
        var first = true;
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            do
            {
                foreach (var id in live) await BeatAsync(id, first);
                first = false;
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task BeatAsync(string id, bool first)
    {
        try
        {
            var signal = new AdapterSignal(null, "The demo's simulator.", AdapterSignal.LeaseDefault);
            if (first) await adapters.Of(id).Register(signal);
            else await adapters.Of(id).Heartbeat(signal);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or Engine.HubBusyException)
        {
            log.LogWarning("The demo's adapter {Adapter} could not report: {Reason}", id, e.Message);
        }
    }
}
