using MoMo.Domain.Deliveries;

namespace MoMo.Silo.Hosting;

/// <summary>Runs the deliverer as long as the silo runs.</summary>
internal sealed class DelivererHost(Deliverer deliverer) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => deliverer.RunAsync(stoppingToken), CancellationToken.None);
}
