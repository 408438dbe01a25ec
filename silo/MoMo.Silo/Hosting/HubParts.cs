using Microsoft.Extensions.Options;
using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Routing;
using MoMo.Domain.Turns;
using MoMo.Edge.Drops;
using MoMo.Edge.Formats.Camt;
using MoMo.Edge.Formats.Csv;
using MoMo.Edge.Formats.Mt940;
using MoMo.Edge.Formats.Ofx;
using MoMo.Edge.Formats.Xml;
using MoMo.Edge.Lookups;
using MoMo.Edge.Mail;
using MoMo.Edge.Webhooks;
using MoMo.Engine;
using MoMo.Silo.Channels;
using MoMo.Silo.Files;
using MoMo.Silo.Telemetry;
using MoMo.Storage;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Catalog;
using MoMo.Storage.Files;
using MoMo.Storage.Journal;
using MoMo.Storage.Payments;
using MoMo.Storage.Reversals;
using MoMo.Storage.Secrets;
using Npgsql;

namespace MoMo.Silo.Hosting;

/// <summary>The hub's parts, each once.</summary>
internal static class HubParts
{
    /// <summary>Journals that have turns in flight: that of payments and that of attempts, by the same options.</summary>
    private const int Journals = 2;

    /// <summary>What is wrong when <see cref="LacksConnections"/>.</summary>
    public const string ConnectionsLacking =
        "Twice MoMo:Journal:Lines times MoMo:Journal:WritersMax must be less than MoMo:ConnectionsMax: the journals of payments and of attempts have "
        + "as many turns in flight each, and each turn keeps a connection.";

    /// <summary>Adds the engine, the stores and the way of a payment from intake to delivery.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="connectionString">Connects as the runtime role.</param>
    /// <param name="data">The data folder.</param>
    public static IServiceCollection AddHub(this IServiceCollection services, string connectionString, string data)
    {
        services.AddValidated<JournalOptions>().AddValidated<DelivererOptions>().AddValidated<WebhookOptions>()
            .AddValidated<MailOptions>().AddValidated<DropOptions>();
        services.AddOptions<WebhookOptions>().PostConfigure<IHostEnvironment>((webhooks, host) => webhooks.RequireHttps ??= !host.IsDevelopment());
        services.AddOptions<JournalOptions>().Validate<IOptions<HubOptions>>(
            static (journal, hub) => !LacksConnections(journal, hub.Value), ConnectionsLacking);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new Ids(provider.GetRequiredService<TimeProvider>(), Random.Shared));
        services.AddSingleton(provider => DataSource(connectionString, provider));
        services.AddSingleton(provider => SecretKeys.LoadOrCreate(data, [.. Options<HubOptions>(provider).SecretKeys]));
        services.AddSingleton<SecretBox>();
        services.AddSingleton<SecretMarks>();
        AddRouting(services);
        AddJournal(services);
        AddDelivering(services, data);

        services.AddSingleton<Intake>();
        services.AddSingleton<PaymentStore>();
        services.AddSingleton<ReversalStore>();
        services.AddSingleton<FileStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<DeliveryWaits>();
        services.AddSingleton<Verification>();
        services.AddSingleton<IStatementFormat>(CamtFormat.Report);
        services.AddSingleton<IStatementFormat>(CamtFormat.Statement);
        services.AddSingleton<IStatementFormat>(CamtFormat.Notification);
        services.AddSingleton<IStatementFormat>(Mt940Format.Statement);
        services.AddSingleton<IStatementFormat>(Mt940Format.Interim);
        services.AddSingleton<IStatementFormat, OfxFormat>();
        services.AddSingleton<IStatementFormat, CsvFormat>();
        services.AddSingleton<IStatementFormat, XmlFormat>();
        services.AddSingleton<FileIntake>();
        services.AddHostedService<FileResumer>();
        services.AddChannels(data);
        return services;
    }

    // Metrics carry the name; without one they would carry the connection string.
    private static NpgsqlDataSource DataSource(string connectionString, IServiceProvider provider) => HubConnection.Open(
        connectionString, Options<HubOptions>(provider).ConnectionsMax, MetricsText.PoolName, provider.GetRequiredService<ILoggerFactory>());

    private static void AddRouting(IServiceCollection services)
    {
        services.AddSingleton<ILookupClient>(provider => new CachedLookups(
            new LookupClient(Options<WebhookOptions>(provider)), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RuleReader>();
        services.AddSingleton<HubDirectory>();
        services.AddSingleton<IDirectory>(provider => provider.GetRequiredService<HubDirectory>());
    }

    private static void AddJournal(IServiceCollection services)
    {
        services.AddSingleton(provider => new AccountTurn(
            () => new TurnTransaction(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<Ids>(),
            provider.GetRequiredService<TimeProvider>(),
            lanes => provider.GetRequiredService<Deliverer>().Wake(lanes)));
        services.AddSingleton(provider => new Journal<AccountCommand>(
            Metered(provider.GetRequiredService<AccountTurn>(), "payments", provider), Options<JournalOptions>(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<JournaledAccounts>();
        services.AddSingleton<IAccounts>(provider => provider.GetRequiredService<JournaledAccounts>());
    }

    private static void AddDelivering(IServiceCollection services, string data)
    {
        services.AddSingleton<IDestinationKind>(provider => new WebhookKind(Options<WebhookOptions>(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDestinationKind>(provider => new MailKind(Options<MailOptions>(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDestinationKind>(provider => new DropKind(Options<DropOptions>(provider), Path.Combine(data, "outbox")));
        services.AddSingleton(provider => new Journal<RecordAttempt>(
            Metered(Watched(new AttemptTurn(provider.GetRequiredService<NpgsqlDataSource>()), provider), "attempts", provider), Options<JournalOptions>(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ILanes>(provider => new LaneStore(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SecretBox>().Open));
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<Deliverer>>();
            return new Deliverer(
                provider.GetRequiredService<ILanes>(),
                provider.GetRequiredService<Journal<RecordAttempt>>(),
                provider.GetServices<IDestinationKind>(),
                PaymentEvent.Write,
                Options<DelivererOptions>(provider),
                Random.Shared,
                provider.GetRequiredService<TimeProvider>(),
                (fault, where) => log.LogWarning("Delivering met trouble of our own in {Where}: {Reason}", where, fault.Message),
                new PauseLog(provider.GetRequiredService<ILoggerFactory>()).Tell);
        });
        services.AddSingleton<ReplayStore>();
        services.AddHostedService(provider => new ReplayRunner(
            provider.GetRequiredService<Agenda>(), provider.GetRequiredService<ReplayStore>(), provider.GetRequiredService<Deliverer>().Wake,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ReplayRunner>>()));
        services.AddHostedService<DelivererHost>();
    }

    private static MeteredTurn<T> Metered<T>(ITurn<T> turn, string journal, IServiceProvider provider) where T : Command =>
        new(turn, journal, provider.GetRequiredService<HubMetrics>(), provider.GetRequiredService<TimeProvider>());

    private static WatchedAttempts Watched(AttemptTurn turn, IServiceProvider provider) =>
        new(
        turn, provider.GetRequiredService<HubMetrics>(), new OutcomeLog(provider.GetRequiredService<ILoggerFactory>()),
        provider.GetRequiredService<ILogger<Deliverer>>());

    /// <summary>Whether turns alone could keep every connection to the database.</summary>
    public static bool LacksConnections(JournalOptions journal, HubOptions hub) => Journals * journal.Lines * journal.WritersMax >= hub.ConnectionsMax;

    /// <summary>Adds options of <see cref="KnownSettings"/>, checked before anything starts.</summary>
    internal static IServiceCollection AddValidated<T>(this IServiceCollection services) where T : class
    {
        services.AddOptions<T>().BindConfiguration(KnownSettings.SectionOf<T>()).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    private static T Options<T>(IServiceProvider provider) where T : class => provider.GetRequiredService<IOptions<T>>().Value;
}
