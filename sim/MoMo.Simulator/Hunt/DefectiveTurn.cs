using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Engine;
using MoMo.Simulator.Model;

namespace MoMo.Simulator.Hunt;

/// <summary>A turn that gives a changed repeat the first answer.</summary>
internal sealed class DefectiveTurn(ITurn<AccountCommand> inner, Tables tables) : ITurn<AccountCommand>
{
    public async Task RunAsync(IReadOnlyList<AccountCommand> commands, TurnPlace place, CancellationToken cancellation)
    {
        await inner.RunAsync(commands, place, cancellation);
        foreach (var take in commands.OfType<TakePayment>())
        {
            if (take.Decision?.Refused?.Code != "payment-differs") continue;
            var notice = take.Arrival.Notice;
            take.Decision = new TakenPayment(tables.Find(tables.Keys[(notice.Psp, notice.PspReference)])!, Replayed: true);
        }
    }
}
