using Microsoft.Extensions.Diagnostics.HealthChecks;
using MoMo.Silo.Telemetry;
using MoMo.Storage;

namespace MoMo.Silo.Operations;

/// <summary>Puts health, status and telemetry into the silo.</summary>
internal static class OperationsParts
{
    extension(IServiceCollection services)
    {
        public void AddOperations()
        {
            services.AddHealthChecks()
                .AddCheck("process", () => HealthCheckResult.Healthy("The process answers."), ["live"])
                .AddCheck<DatabaseReady>("database", HealthStatus.Unhealthy, ["ready"]);
            services.AddSingleton<DatabaseReady>();
            services.AddSingleton<OverviewStore>();
            services.AddSingleton<StatusBoard>();
            services.AddSingleton<VerifyGate>();
            services.AddSingleton<HubMetrics>();
            services.AddSingleton<HubGauges>();
            services.AddSingleton<MetricsText>();
            services.AddHostedService<TelemetryHost>();
            services.AddHostedService<ClockWatch>();
        }
    }
}
