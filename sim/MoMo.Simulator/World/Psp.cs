using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;
using MoMo.Engine;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>A PSP: brings each payment once or more, in its own time, and asks again until it has its answer, unless it gives up.</summary>
internal sealed class Psp(HubWorld world, VirtualClock clock)
{
    private readonly HubCall call = new(world, clock);

    /// <summary>Messages that have no answer yet and will be sent again.</summary>
    public int Open { get; private set; }

    /// <summary>One payment, as often as its chance says.</summary>
    public void Pay(Step step, Random chance)
    {
        var notice = Notice(step, chance);
        var sends = chance.Next(3) == 0 ? chance.Next(2, 5) : 1;
        for (var send = 0; send < sends; send++)
        {
            // The first at once; repeats at any time, also while the first is under way. Now and then one over another amount.
            var wait = send == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(step.For.TotalSeconds * chance.NextDouble() * chance.Next(2));
            var told = send > 0 && chance.Next(4) == 0 ? notice with { Amount = Amount(chance) } : notice;
            var givesUp = chance.Next(12) == 0;
            var patient = chance.Next(4) == 0;
            var own = new Random(chance.Next());
            Open++;
            world.Outside.Start(() => SendAsync(
                silo => silo.TakeAsync(told, patient), outcome => world.Judge.Answered(told, outcome), told.PspReference, wait, givesUp, own));
        }

        if (chance.Next(5) == 0) TakeBack(notice, step, chance);
    }

    /// <summary>Takes a payment back, in parts or as a whole or more than that; before the payment comes or after it; again and again.</summary>
    private void TakeBack(PaymentNotice payment, Step step, Random chance)
    {
        var parts = chance.Next(1, 4);
        for (var part = 0; part < parts; part++)
        {
            var paid = payment.Amount.MinorUnits;
            var amount = chance.Next(4) switch { 0 => paid, 1 => paid + chance.Next(1, 100), _ => 1 + chance.NextInt64(paid) };
            var back = new ReversalNotice
            {
                Psp = payment.Psp, PspReference = $"{payment.PspReference}/back{part}", Amount = new Money(amount, payment.Amount.Currency),
                OriginalReference = chance.Next(8) == 0 ? $"{payment.PspReference}/never" : payment.PspReference,
            };
            var sends = chance.Next(1, 4);
            for (var send = 0; send < sends; send++)
            {
                var told = send > 0 && chance.Next(5) == 0 ? back with { Amount = Amount(chance) } : back;
                var wait = TimeSpan.FromSeconds(step.For.TotalSeconds * chance.NextDouble() * chance.Next(2));
                var (givesUp, patient, own) = (chance.Next(12) == 0, chance.Next(4) == 0, new Random(chance.Next()));
                Open++;
                world.Outside.Start(() => SendAsync(
                    silo => silo.ReverseAsync(told, patient), outcome => world.Judge.Answered(told, outcome), told.PspReference, wait, givesUp, own));
            }
        }
    }

    private async Task SendAsync<T>(
        Func<SimulatedSilo, Task<Outcome<T>>> ask, Action<Outcome<T>> answered, string reference, TimeSpan wait, bool givesUp, Random chance) where T : class
    {
        await Task.Delay(wait, clock);
        await call.AskAsync(ask, answered, reference, givesUp, chance);
        Open--;
    }

    private static PaymentNotice Notice(Step step, Random chance) =>
        Notice(new PaymentNotice { Psp = $"p{step.Whom % 2}", PspReference = $"T{step.Number}", Amount = Amount(chance) }, chance);

    /// <summary>Somebody's money, told in one of the ways in which payers say whose it is.</summary>
    public static PaymentNotice Notice(PaymentNotice notice, Random chance)
    {
        var account = $"a{chance.Next(HubWorld.Accounts)}";
        return chance.Next(10) switch
        {
            < 5 => notice with { AccountId = account, ReferenceId = chance.Next(2) == 0 ? $"{account}-{chance.Next(3)}" : null },
            5 or 6 => notice with { ReferenceId = $"{account}-{chance.Next(3)}" },
            7 => notice with { ReferenceId = $"{account}-x{chance.Next(3)}" }, // not registered: the accounts are asked
            8 => notice with { ReferenceId = "shared" },
            _ => notice with { Text = $"{account}#{chance.Next(3)}" },
        };
    }

    /// <summary>Some money.</summary>
    public static Money Amount(Random chance) => new(chance.Next(1, 1_000_000), Currency.Find("KES")!);
}
