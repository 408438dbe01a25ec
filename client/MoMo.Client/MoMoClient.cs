using MoMo.Client.Api;
using MoMo.Client.Wire;

namespace MoMo.Client;

/// <summary>
/// The hub's HTTP API, typed. Safe for several threads. One property per resource.
/// <para>
/// Refusals throw <see cref="MoMoException"/>; a network that fails throws <see cref="HttpRequestException"/>, and then it is not known
/// whether the hub acted: repeating a payment or a file is always safe, because the hub knows it by its content.
/// </para>
/// <para>
/// 429 and 503 with <c>Retry-After</c> are repeated after that wait, within <see cref="MoMoClientOptions"/>. What has no
/// natural key bears an <c>Idempotency-Key</c>, so that a repeat is not done twice.
/// </para>
/// </summary>
public sealed class MoMoClient
{
    private readonly Transport transport;

    /// <summary>A client over <paramref name="http"/>, which stays the caller's to dispose.</summary>
    /// <param name="http">
    /// Its <see cref="HttpClient.BaseAddress"/> is the hub's, ending in <c>/</c> when it has a path.
    /// Its timeout holds for each attempt, up to the last byte of its answer; of bulk, proofs and contents, which are long by nature, up to the answer's
    /// first. When it is over, that is a <see cref="TaskCanceledException"/>. Give files and bulk more than the default 100 seconds.
    /// </param>
    /// <param name="options">Key and patience; null for the defaults.</param>
    /// <param name="clock">Measures the waits; null for the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="http"/> has no base address, or an option is out of its range.</exception>
    public MoMoClient(HttpClient http, MoMoClientOptions? options = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.BaseAddress is null) throw new ArgumentException("Set BaseAddress to the hub's address.", nameof(http));

        transport = new Transport(http, options ?? new MoMoClientOptions(), clock ?? TimeProvider.System);
        Payments = new PaymentsApi(transport);
        Suspense = new SuspenseApi(transport);
        Routing = new RoutingApi(transport);
        Psps = new PspsApi(transport);
        Adapters = new AdaptersApi(transport);
        Channels = new ChannelsApi(transport);
        StatusQuestions = new StatusQuestionsApi(transport);
        Accounts = new AccountsApi(transport);
        References = new ReferencesApi(transport);
        Destinations = new DestinationsApi(transport);
        Deliveries = new DeliveriesApi(transport);
        Files = new FilesApi(transport);
        Keys = new KeysApi(transport);
        Messages = new MessagesApi(transport);
        Reversals = new ReversalsApi(transport);
    }

    /// <summary>Whose payments are for.</summary>
    public AccountsApi Accounts { get; }

    /// <summary>Connections to PSPs, and their liveness.</summary>
    public AdaptersApi Adapters { get; }

    /// <summary>How adapters' files and messages are fetched.</summary>
    public ChannelsApi Channels { get; }

    /// <summary>Getting payments to destinations.</summary>
    public DeliveriesApi Deliveries { get; }

    /// <summary>How accounts are told of their payments.</summary>
    public DestinationsApi Destinations { get; }

    /// <summary>Statement files.</summary>
    public FilesApi Files { get; }

    /// <summary>What machines authenticate with.</summary>
    public KeysApi Keys { get; }

    /// <summary>Messages that made no payment of their own.</summary>
    public MessagesApi Messages { get; }

    /// <summary>Money that PSPs say has arrived.</summary>
    public PaymentsApi Payments { get; }

    /// <summary>Who moves the money.</summary>
    public PspsApi Psps { get; }

    /// <summary>Customers of accounts.</summary>
    public ReferencesApi References { get; }

    /// <summary>Money that PSPs took back.</summary>
    public ReversalsApi Reversals { get; }

    /// <summary>Where a payment would go.</summary>
    public RoutingApi Routing { get; }

    /// <summary>Asking PSPs how payments stand.</summary>
    public StatusQuestionsApi StatusQuestions { get; }

    /// <summary>Payments that belong to nobody yet.</summary>
    public SuspenseApi Suspense { get; }

    /// <summary>How the hub is.</summary>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">401: the key is not valid. None is needed.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<StatusView> StatusAsync(CancellationToken cancellation = default) =>
        transport.GetAsync("status", MoMoJson.Default.StatusView, cancellation);

    /// <summary>
    /// Checks that what is stored keeps the hub's laws. Reads every payment: it may take minutes. A broken law is an answer, not an
    /// exception.
    /// </summary>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">401 or 403: the key is missing, unknown or not an admin's. 503: too busy.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<VerifyView> VerifyAsync(CancellationToken cancellation = default) =>
        transport.PostAsync("v1/verify", MoMoJson.Default.VerifyView, Repeat.Always, cancellation);
}
