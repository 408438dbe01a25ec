using MoMo.Client.Wire;

namespace MoMo.Client.Adapters;

/// <summary>
/// Runs an adapter outside the hub: says that it lives, and sends what its PSP says on one stream. Safe for several threads.
/// <para>
/// A payment is given once and acknowledged once, whatever happens in between: a cut connection, a hub that is restarted or busy. While it is not
/// acknowledged only this process knows of it, so an adapter tells its PSP, or moves on in its source, after the acknowledgement; after a crash it
/// gives again what it is not sure of.
/// </para>
/// </summary>
public sealed class AdapterHost : IAsyncDisposable
{
    private static readonly TimeSpan RegisterWait = TimeSpan.FromSeconds(1);

    private readonly MoMoClient hub;
    private readonly AdapterHostOptions options;
    private readonly TimeProvider clock;
    private readonly PaymentStream stream;
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource hurry = new(); // never disposed: it has nothing to give back, and whoever stops may be late
    private readonly Task beating;
    private readonly Lazy<Task> stopping;

    private AdapterHost(MoMoClient hub, PaymentStream stream, AdapterHostOptions options, TimeProvider clock)
    {
        (this.hub, this.stream, this.options, this.clock) = (hub, stream, options, clock);
        beating = Task.Run(() => BeatAsync(stop.Token));
        stopping = new Lazy<Task>(() => Task.Run(StopOnceAsync));
    }

    /// <summary>Registers the adapter, waiting for the hub when it can't be reached.</summary>
    /// <param name="http">
    /// Its <see cref="HttpClient.BaseAddress"/> is the hub's, ending in <c>/</c> when it has a path. It stays the caller's to dispose, after the host.
    /// </param>
    /// <param name="options">Who it is.</param>
    /// <param name="clock">Measures the waits; null for the system's.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The adapter, up and ready for payments.</returns>
    /// <exception cref="ArgumentException"><paramref name="http"/> has no base address, or an option is out of its range.</exception>
    /// <exception cref="MoMoException">401, 403: the key is missing, unknown or no adapter's. 404, 422: no such adapter, or it is another's, or archived.</exception>
    public static async Task<AdapterHost> StartAsync(
        HttpClient http, AdapterHostOptions options, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        clock ??= TimeProvider.System;
        var client = new MoMoClientOptions { Key = options.Key };
        var hub = new MoMoClient(http, client, clock);
        while (true)
        {
            try
            {
                await hub.Adapters.RegisterAsync(options.Adapter, Report(options, null, null), cancellation);
                return new AdapterHost(hub, new PaymentStream(new Transport(http, client, clock), options, clock), options, clock);
            }
            catch (Exception e) when (IsPassing(e, cancellation))
            {
                options.Trouble?.Invoke(e);
                await Task.Delay(RegisterWait, clock, cancellation);
            }
        }
    }

    /// <summary>
    /// Gives a payment and waits for its acknowledgement. Any number may wait at once; they are sent in the order of the calls. One that the hub was too
    /// busy for, or that met a fault of the hub (429, 500 or 503), loses its place: it is sent again behind what was given meanwhile. Where the order of
    /// two payments matters, give the second after the acknowledgement of the first.
    /// </summary>
    /// <param name="payment">What the PSP says.</param>
    /// <param name="cancellation">Ends the wait. A payment that was given is sent all the same.</param>
    /// <returns>
    /// What the hub said, <see cref="BulkLine.Line"/> counting the host's payments: taken (201, or 200 when it had been before), or refused with a
    /// code. What the hub was too busy for was sent again, so 429 and 503 do not come; 500 comes after five tries.
    /// </returns>
    /// <exception cref="MoMoException">401, 403: the key is no longer good. It was not taken.</exception>
    /// <exception cref="InvalidOperationException">The host is stopping.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the host stopped before it was acknowledged: give it again another time.</exception>
    public async Task<BulkLine> SendAsync(NewPayment payment, CancellationToken cancellation = default) =>
        await (await EnqueueAsync(payment, cancellation)).WaitAsync(cancellation);

    /// <summary>
    /// Gives a payment as soon as fewer than <see cref="AdapterHostOptions.WindowMax"/> are under way: a producer that awaits this is never faster
    /// than the hub.
    /// </summary>
    /// <param name="payment">What the PSP says.</param>
    /// <param name="cancellation">Ends the wait for room.</param>
    /// <returns>The acknowledgement to come, as <see cref="SendAsync"/> gives it.</returns>
    /// <exception cref="InvalidOperationException">The host is stopping.</exception>
    public ValueTask<Task<BulkLine>> EnqueueAsync(NewPayment payment, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return stream.EnqueueAsync(payment, cancellation);
    }

    /// <summary>Says how the connection to the PSP is. It stays so until the next report.</summary>
    /// <param name="state"><c>up</c>, <c>down</c> or <c>degraded</c>.</param>
    /// <param name="detail">Why; at most 500 characters.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">400, 422: the report is malformed. 401, 403: the key is no longer good.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AdapterView> ReportAsync(string state, string? detail = null, CancellationToken cancellation = default) =>
        hub.Adapters.SetStateAsync(options.Adapter, Report(options, state, detail), cancellation);

    /// <summary>
    /// Takes no more payments, waits for the acknowledgement of those under way up to <see cref="AdapterHostOptions.DrainMax"/>, and reports the
    /// adapter down. What was not acknowledged by then is cancelled. It is done once: whoever calls it again waits for the same end.
    /// </summary>
    /// <param name="cancellation">Ends the wait for acknowledgements.</param>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        await using var hurrying = cancellation.Register(hurry.Cancel);
        await stopping.Value;
    }

    /// <summary><see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task StopOnceAsync()
    {
        using (var late = new CancellationTokenSource(options.DrainMax, clock))
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, hurry.Token))
            await stream.DrainAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stream.DisposeAsync();
        await stop.CancelAsync();
        await beating;
        try
        {
            await ReportAsync("down", "stopped", hurry.Token);
        }
        catch (Exception e) when (e is HttpRequestException or MoMoException or OperationCanceledException)
        {
            // Its lease says the same a little later.
            options.Trouble?.Invoke(e);
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(options.Lease / 3, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested) return;
            try
            {
                await hub.Adapters.HeartbeatAsync(options.Adapter, Report(options, null, null), cancellation);
            }
            catch (Exception e)
            {
                // Whatever it is: without any further beat the hub would take a living adapter for silent.
                if (!cancellation.IsCancellationRequested) options.Trouble?.Invoke(e);
            }
        }
    }

    private static bool IsPassing(Exception fault, CancellationToken cancellation) => fault switch
    {
        HttpRequestException => true,
        MoMoException refusal => refusal.Problem.Status is 429 or >= 500,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        _ => false,
    };

    private static AdapterReport Report(AdapterHostOptions options, string? state, string? detail) =>
        new() { State = state, Detail = detail, LeaseSeconds = (int)options.Lease.TotalSeconds };
}
