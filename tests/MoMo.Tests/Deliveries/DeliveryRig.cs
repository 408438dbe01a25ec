using Microsoft.Extensions.Logging;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Edge.Webhooks;
using MoMo.Engine;
using MoMo.Silo.Telemetry;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Deliveries;

/// <summary>The real deliverer on a real database, with a clock that is held and a receiver that is scripted. May be stopped and started again.</summary>
internal sealed class DeliveryRig : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly JournalHost silo;
    private readonly IDestinationKind kind;
    private readonly int page;
    private readonly ILoggerFactory logs;
    private int found;
    private Journal<RecordAttempt>? outcomes;
    private Deliverer? deliverer;
    private CancellationTokenSource? stopping;
    private Task running = Task.CompletedTask;

    private DeliveryRig(TestDatabase database, TimeSpan? outage, IDestinationKind? own, int page)
    {
        Database = database;
        this.page = page;
        logs = LoggerFactory.Create(logging => logging.AddProvider(Log));
        this.database = NpgsqlDataSource.Create(database.AppConnectionString);
        silo = JournalHost.Start(database);
        // Payments are taken by the system's clock; the held one begins after them.
        Clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
        Receiver = new ScriptedKind(Clock);
        Outage = new OutageKind(Clock, Clock.GetUtcNow() + (outage ?? TimeSpan.Zero));
        kind = own ?? (outage is null ? Receiver : Outage);
        Destinations = new DestinationStore(this.database, static (_, text) => text, Clock);
        Rotation = new SecretRotation(this.database, static (_, text) => text, Clock);
        Deliveries = new DeliveryStore(this.database, Clock);
    }

    public TestDatabase Database { get; }

    public FakeTimeProvider Clock { get; }

    public ScriptedKind Receiver { get; }

    public OutageKind Outage { get; }

    public DestinationStore Destinations { get; }

    public SecretRotation Rotation { get; }

    public DeliveryStore Deliveries { get; }

    /// <summary>What a silo's log says of destinations that were paused.</summary>
    public LogLines Log { get; } = new();

    /// <summary>How often the deliverer asked where the lane leads, as it does before it looks for what is due.</summary>
    public int Found => Volatile.Read(ref found);

    /// <summary>A database with account a0, told at destination <c>hook</c>, and a running deliverer.</summary>
    public static Task<DeliveryRig> StartAsync(DestinationSettings? settings = null) => StartAsync(null, settings);

    /// <summary>With a receiver that is away for a while.</summary>
    public static Task<DeliveryRig> StartAsync(TimeSpan? outage, DestinationSettings? settings) => StartAsync(outage, settings, null);

    /// <summary>With a receiver of the test's own.</summary>
    public static Task<DeliveryRig> StartWithAsync(IDestinationKind own, DestinationSettings? settings = null) => StartAsync(null, settings, own);

    /// <summary>With pages of another length.</summary>
    public static Task<DeliveryRig> StartWithPageAsync(int page) => StartAsync(null, null, null, page);

    /// <summary>With a signing secret of the test's own.</summary>
    public static Task<DeliveryRig> StartSignedAsync(NewSecret secret) => StartAsync(null, null, null, secret: secret);

    private static async Task<DeliveryRig> StartAsync(
        TimeSpan? outage, DestinationSettings? settings, IDestinationKind? own, int page = 64, NewSecret? secret = null)
    {
        var rig = new DeliveryRig(await JournalHost.PrepareAsync(1), outage, own, page);
        Assert.NotNull((await rig.Destinations.CreateAsync(
            "a0", "hook", Draft(settings), secret ?? NewSecret.Hmac(), CancellationToken.None)).Accepted);
        rig.Start();
        return rig;
    }

    /// <summary>The destination, with settings or without.</summary>
    public static DestinationDraft Draft(DestinationSettings? settings = null, bool paused = false) =>
        DestinationDraft.Webhook("http://127.0.0.1:1/hook", paused) with { Settings = settings ?? DestinationSettings.Ordinary };

    public Task PayAsync(string pspReference) => PayAsync(pspReference, null);

    /// <summary>Takes a payment of a reference.</summary>
    public async Task PayAsync(string pspReference, string? reference, string currency = "KES")
    {
        await PayElsewhereAsync(pspReference, reference, currency);
        deliverer!.Wake([.. silo.Woken.Distinct()]);
    }

    /// <summary>Takes a payment of a reference as another silo does: nobody tells the deliverer.</summary>
    public async Task PayElsewhereAsync(string pspReference, string? reference, string currency = "KES")
    {
        var arrival = silo.Arrival("a0", pspReference);
        arrival = arrival with
        {
            Notice = arrival.Notice with { Amount = Money.Parse("10.00", currency).Accepted! }, Routing = arrival.Routing with { ReferenceId = reference },
        };
        Assert.NotNull((await silo.Accounts.Of("a0").Take(arrival)).Accepted);
    }

    /// <summary>Gives the destination other settings, paused or not.</summary>
    public async Task ChangeAsync(DestinationSettings settings, bool paused) => Assert.NotNull((await Destinations.ChangeAsync(
        "a0", "hook", Draft(settings, paused), VersionMatch.Any, CancellationToken.None)).Accepted);

    /// <summary>What a query counts.</summary>
    public Task<long> CountAsync(string sql) => Sql.AskAsync<long>(Database.AppConnectionString, sql);

    /// <summary>The delivery of a number.</summary>
    public Task<Guid> DeliveryAsync(int sequence) =>
        Sql.AskAsync<Guid>(Database.AppConnectionString, $"SELECT id FROM deliveries WHERE sequence = {sequence}");

    /// <summary>Waits until nobody works on the lane.</summary>
    public Task RestedAsync() => Eventually.TrueAsync(
        () => Sql.AskAsync<bool>(
            Database.AppConnectionString, $"SELECT leased_until = '-infinity' AND due_at > '{Clock.GetUtcNow():O}' FROM agenda WHERE kind = 'lane'"),
        () => "the lane to be let go");

    /// <summary>Waits until the delivery has had so many attempts recorded, and nobody holds its lane.</summary>
    public async Task<DeliveryRecord> RecordedAsync(Guid delivery, int attempts)
    {
        DeliveryRecord? found = null;
        await Eventually.TrueAsync(
            async () => (found = await Deliveries.FindAsync(delivery, CancellationToken.None))!.Attempts == attempts
                && await Sql.AskAsync<bool>(Database.AppConnectionString, "SELECT leased_until = '-infinity' FROM agenda WHERE kind = 'lane'"),
            () => $"{attempts} attempts: {found}");
        return found!;
    }

    /// <summary>Moves the clock on.</summary>
    public void Advance(TimeSpan by)
    {
        Clock.Advance(by);
        deliverer!.Wake();
    }

    /// <summary>Lets time pass, from one thing that is due to the next, until something holds; at most so long.</summary>
    /// <param name="atMost">How long.</param>
    /// <param name="until">What is waited for.</param>
    /// <param name="creep">How far time goes at once while somebody works on the lane, for the pace that it keeps; 10 milliseconds by default.</param>
    public async Task PassAsync(TimeSpan atMost, Func<bool> until, TimeSpan? creep = null)
    {
        var end = Clock.GetUtcNow() + atMost;
        await Eventually.TrueAsync(async () =>
        {
            for (var step = 0; step < 20 && !until(); step++)
            {
                Assert.True(Clock.GetUtcNow() < end, $"{Outage.Arrived} arrived of {Outage.Attempts.Count} attempts in {atMost}.");
                var next = await Sql.AskAsync<DateTime>(
                    Database.AppConnectionString,
                    """
                    SELECT coalesce(min(CASE WHEN leased_until > '-infinity' AND s.rest_until IS DISTINCT FROM leased_until THEN '-infinity'
                        ELSE greatest(due_at, leased_until) END), '-infinity')
                    FROM agenda g LEFT JOIN lane_states s ON s.lane::text = g.key WHERE kind = 'lane'
                    """);
                var now = Clock.GetUtcNow();
                Advance(next == DateTime.MinValue ? creep ?? TimeSpan.FromMilliseconds(10) : next == DateTime.MaxValue ? TimeSpan.FromSeconds(1)
                    : next > now.UtcDateTime ? next - now.UtcDateTime + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero);
            }

            return until();
        }, () => $"{Outage.Arrived} arrived of {Outage.Attempts.Count} attempts");
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        Start();
    }

    /// <summary>Ends all work, also attempts that nobody answers, and begins anew.</summary>
    public async Task EndAsync()
    {
        await EndWorkAsync();
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed may leave an attempt in flight.
        await EndWorkAsync();
        await silo.DisposeAsync();
        await database.DisposeAsync();
        logs.Dispose();
    }

    /// <summary>The grace is over when the held clock says so.</summary>
    private async Task EndWorkAsync()
    {
        var stopped = StopAsync();
        await Eventually.TrueAsync(
            () =>
            {
                Clock.Advance(TimeSpan.FromMinutes(1));
                return stopped.IsCompleted;
            },
            () => "the deliverer to stop");
        await stopped;
    }

    private void Start()
    {
        outcomes = new Journal<RecordAttempt>(new AttemptTurn(database), new JournalOptions { WritersMax = 1 }, TimeProvider.System);
        var chance = new Random(75);
        deliverer = new Deliverer(
            new LaneStore(database, Clock, Unseal),
            outcomes,
            [kind],
            PaymentEvent.Write,
            new DelivererOptions { Poll = TimeSpan.FromMinutes(1), Lease = TimeSpan.FromMinutes(10), PageMax = page },
            chance,
            Clock,
            static (fault, where) => Assert.Fail($"{where}: {fault}"),
            new PauseLog(logs).Tell);
        stopping = new CancellationTokenSource();
        running = deliverer.RunAsync(stopping.Token);
    }

    // The destination has one secret, which is opened whenever it is found.
    private string Unseal(string purpose, string text)
    {
        Interlocked.Increment(ref found);
        return text;
    }

    private async Task StopAsync()
    {
        await stopping!.CancelAsync();
        await running;
        await outcomes!.DisposeAsync();
        stopping.Dispose();
    }
}
