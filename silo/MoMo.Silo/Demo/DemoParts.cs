using MoMo.Silo.Hosting;
using MoMo.Silo.Telemetry;

namespace MoMo.Silo.Demo;

/// <summary>Puts the demo into a silo that was started with <c>--demo</c>: sample configuration, an account server, a PSP that keeps paying.</summary>
internal static class DemoParts
{
    extension(WebApplicationBuilder builder)
    {
        /// <summary>Does nothing without <c>MoMo:Demo</c>. Comes before the hub's parts: it allows webhooks to this machine.</summary>
        public void AddDemo()
        {
            ArgumentNullException.ThrowIfNull(builder);
            if (!builder.Configuration.GetValue<bool>("MoMo:Demo")) return;
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["MoMo:Webhooks:AllowedNetworks:demo4"] = "127.0.0.0/8",
                ["MoMo:Webhooks:AllowedNetworks:demo6"] = "::1/128",
                ["MoMo:Webhooks:RequireHttps"] = "false",
            });
            // The demo's page shows what arrives; a line for each would bury what the hub has to say. Unless somebody wants them.
            if (builder.Configuration[$"Logging:LogLevel:{OutcomeLog.Category}"] is null) builder.Logging.AddFilter(OutcomeLog.Category, LogLevel.Warning);
            builder.Services.AddValidated<DemoOptions>();
            builder.Services.AddSingleton<DemoSetup>();
            builder.Services.AddSingleton<DemoDesk>();
            builder.Services.AddSingleton<DemoHost>();
            builder.Services.AddHostedService(all => all.GetRequiredService<DemoHost>());
        }
    }
}
