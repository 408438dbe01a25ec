using Microsoft.Extensions.Options;
using MoMo.Edge.Channels;
using MoMo.Silo.Hosting;
using MoMo.Storage;
using MoMo.Storage.Channels;

namespace MoMo.Silo.Channels;

/// <summary>Looks at channels when they are due. Several silos share the work: each look is claimed by one of them.</summary>
internal sealed class ChannelWorker(Agenda agenda, ChannelLook look, IOptions<ChannelOptions> options, TimeProvider clock, ILogger<ChannelWorker> log)
    : AgendaWorker(agenda, ChannelStore.AgendaKind, "The channel of adapter", options.Value.LooksMax, clock, log)
{
    protected override Task WorkAsync(AgendaItem item, CancellationToken cancellation) => look.RunAsync(item, cancellation);
}
