using MoMo.Domain.Deliveries;
using MoMo.Storage;

namespace MoMo.Silo.Hosting;

/// <summary>
/// Runs the deliverer as long as the silo runs. One round is the deliverer's whole life: another comes only after a fault that ended it.
/// </summary>
internal sealed class DelivererHost(Deliverer deliverer, TimeProvider clock, ILogger<DelivererHost> log)
    : RoundWorker("Delivering", AgainAfter, clock, log)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    protected override async Task<bool> RoundAsync(CancellationToken stopping)
    {
        await deliverer.RunAsync(stopping);
        return false;
    }
}
