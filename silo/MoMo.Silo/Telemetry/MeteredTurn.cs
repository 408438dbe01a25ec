using MoMo.Engine;

namespace MoMo.Silo.Telemetry;

/// <summary>Measures turns. A turn that failed is not counted; it is run again or its callers are told.</summary>
/// <typeparam name="TCommand">What the actors are asked.</typeparam>
internal sealed class MeteredTurn<TCommand>(ITurn<TCommand> turn, string journal, HubMetrics metrics, TimeProvider clock) : ITurn<TCommand>
    where TCommand : Command
{
    public async Task RunAsync(IReadOnlyList<TCommand> commands, TurnPlace place, CancellationToken cancellation)
    {
        var begin = clock.GetTimestamp();
        await turn.RunAsync(commands, place, cancellation);
        metrics.Committed(journal, commands.Count, clock.GetElapsedTime(begin));
    }
}
