using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace MoMo.Silo.Hosting;

/// <summary>How the process listens, logs and stops.</summary>
internal static class HubSettings
{
    /// <summary>Where it listens unless told otherwise: only this machine.</summary>
    public const string UrlDefault = "http://127.0.0.1:8080";

    /// <summary>Lines of the log that wait for the console at most, some seconds of a busy hub.</summary>
    private const int LinesMax = 16_384;

    extension(WebApplicationBuilder builder)
    {
        public void AddHubSettings()
        {
            AddOwnFile(builder.Configuration);
            if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls(UrlDefault);
            builder.Services.AddValidated<HubOptions>();
            builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxConcurrentConnections = 10_000;
                kestrel.Limits.MaxRequestBodySize = 1024 * 1024; // streams and files have limits of their own
                kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            });
            AddLogging(builder);
            builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<HubOptions>>((forwarded, hub) =>
            {
                // Without any known proxy the framework would believe everybody, and an address list of a PSP would keep nobody out.
                forwarded.ForwardedHeaders = hub.Value.KnownProxies.Count == 0
                    ? ForwardedHeaders.None
                    : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                forwarded.KnownIPNetworks.Clear(); // the framework would believe whoever is on this machine
                forwarded.KnownProxies.Clear();
                forwarded.ForwardLimit = null; // as many as there are in a row: it ends at the first that nobody named
                foreach (var proxy in hub.Value.KnownProxies) forwarded.KnownIPNetworks.Add(HubOptions.ProxyOf(proxy)!.Value);
            });
        }
    }

    /// <summary>
    /// The program's own appsettings.json lies beside the program; people write theirs where they start it. After the program's own, before
    /// environment and flags, so that these win.
    /// </summary>
    private static void AddOwnFile(ConfigurationManager configuration)
    {
        var file = new JsonConfigurationSource { Path = "appsettings.json", Optional = true, FileProvider = new PhysicalFileProvider(Directory.GetCurrentDirectory()) };
        var place = 0;
        for (var one = 0; one < configuration.Sources.Count; one++)
        {
            if (configuration.Sources[one] is JsonConfigurationSource) place = one + 1;
        }

        configuration.Sources.Insert(place, file);
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        // The framework's scope of a request carries its path, and a path may hold a callback's secret or a customer's number.
        RequestIds.Begin();
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
            .AddFilter("Npgsql", LogLevel.Error).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            // That the start failed is told in a sentence; a part that fails later is told by a critical line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            // A line for each wrong key would let strangers fill the log.
            .AddFilter("MoMo.Silo.Identity.KeyAuthentication", LogLevel.Warning);
        builder.Logging.ClearProviders();
        AddConsole(builder.Logging, builder.Configuration);
    }

    /// <summary>The console as the whole silo writes to it: for the host's log, and for what is said before there is a host.</summary>
    public static void AddConsole(ILoggingBuilder logging, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(logging);
        ArgumentNullException.ThrowIfNull(configuration);
        // Where nobody reads the console, lines are left out and their count is told: payments and deliveries never wait for a log.
        logging.Services.Configure<ConsoleLoggerOptions>(options =>
        {
            var given = configuration.GetSection("Logging:Console");
            if (given[nameof(options.QueueFullMode)] is null) options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            if (given[nameof(options.MaxQueueLength)] is null) options.MaxQueueLength = LinesMax;
        });
        if (configuration["MoMo:Log"] == "json") logging.AddJsonConsole(options => (options.UseUtcTimestamp, options.IncludeScopes) = (true, true));
        else logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss ";
            options.UseUtcTimestamp = true;
        });
    }
}
