using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MoMo.Silo.Hosting;
using MoMo.Storage.Management;

namespace MoMo.Tests.Support;

/// <summary>
/// The real silo inside the test's process: its own Program, on a port of loopback, on a fresh database. The host is had the way the framework's
/// tools have it: by the event that says it is built.
/// </summary>
internal sealed class SiloHost : IAsyncDisposable
{
    /// <summary>Silos on one database share their keys. These are of no other run.</summary>
    private static readonly string SecretKey = $"k1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    private static readonly AsyncLocal<SiloHost?> Starting = new();
    private readonly TaskCompletionSource<IHost> built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestFolder data = new();
    private IHost host = null!;
    private Task ended = null!;

    private SiloHost(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    /// <summary>Talks to it as the administrator.</summary>
    public HubClient Hub { get; private set; } = null!;

    /// <summary>The administrator's key; null on a database that another silo made it for.</summary>
    public string? Key { get; private set; }

    public IServiceProvider Services => host.Services;

    /// <summary>Starts a silo on a database of its own, or on a given one.</summary>
    /// <param name="database">Null for a fresh one.</param>
    /// <param name="settings">Further settings by their full name.</param>
    public static async Task<SiloHost> StartAsync(TestDatabase? database = null, params (string Name, string Value)[] settings)
    {
        var silo = new SiloHost(database ?? await PostgresFixture.CreateDatabaseAsync());
        await silo.StartAsync(settings);
        return silo;
    }

    /// <summary>A client with another key, or with none.</summary>
    public HubClient As(string? key) => new(Hub.Url, key);

    public async ValueTask DisposeAsync()
    {
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await ended;
        Hub.Dispose();
        data.Dispose();
    }

    private async Task StartAsync((string Name, string Value)[] settings)
    {
        var given = settings.Select(one => one.Name).ToHashSet();
        (string Name, string Value)[] all =
        [
            ("MoMo:Data", data.Path), ("urls", "http://127.0.0.1:0"), ("MoMo:ConnectionsMax", "16"), ("Logging:LogLevel:Default", "Warning"),
            ("MoMo:Database:ConnectionString", Database.AppConnectionString), ("MoMo:Database:OwnerConnectionString", Database.OwnerConnectionString),
            ("MoMo:SecretKeys:0", SecretKey), ("MoMo:Webhooks:AllowedNetworks:0", "127.0.0.0/8"), ("MoMo:Webhooks:RequireHttps", "false"),
        ];
        string[] arguments = [.. all.Where(one => !given.Contains(one.Name)).Concat(settings).Select(one => $"--{one.Name}={one.Value}")];

        using var listening = DiagnosticListener.AllListeners.Subscribe(new Ear<DiagnosticListener>(listener =>
        {
            // Others start hosts at the same time; the flow of the call tells them apart.
            if (listener.Name == "Microsoft.Extensions.Hosting" && Starting.Value == this)
                listener.Subscribe(new Ear<KeyValuePair<string, object?>>(said =>
                {
                    if (said.Key == "HostBuilt" && Starting.Value == this) built.TrySetResult((IHost)said.Value!);
                }));
        }));
        Starting.Value = this;
        // The entry point that the compiler makes blocks its thread until the silo ends.
        ended = Task.Factory.StartNew(() => Program(arguments), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Starting.Value = null;

        if (await Task.WhenAny(built.Task, ended) == ended) await ended;
        host = await built.Task;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signal = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => started.TrySetResult());
        if (await Task.WhenAny(started.Task, ended) == ended) await ended;

        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Key = (await FirstKey.EnsureAsync(host.Services.GetRequiredService<AdminKey>(), data.Path)).Text;
        Hub = new HubClient(new Uri(address), Key);
    }

    private static void Program(string[] arguments)
    {
        try
        {
            if (typeof(Flags).Assembly.EntryPoint!.Invoke(null, [arguments]) is not 0) throw new InvalidOperationException("The silo could not start; it said why.");
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            throw new InvalidOperationException("The silo failed.", inner);
        }
    }

    private sealed class Ear<T>(Action<T> hear) : IObserver<T>
    {
        public void OnCompleted() { }

        public void OnError(Exception error) { }

        public void OnNext(T value) => hear(value);
    }
}
