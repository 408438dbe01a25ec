using System.Collections.Concurrent;
using System.Globalization;

namespace MoMo.Simulator.Real;

/// <summary>
/// A PSP over HTTP: reports payments one after another, new ones and repeats, some with another amount, some twice at the same time; waits now
/// shorter and now longer for an answer, then asks again, or gives up.
/// </summary>
internal sealed class RealPsp(RealWorld world, int number, ConcurrentQueue<Claim> recent, Random chance)
{
    private const int RecentMax = 200;
    private static readonly int[] PatienceMilliseconds = [300, 2_000, 5_000, 10_000];
    private static readonly TimeSpan NobodyThere = TimeSpan.FromMilliseconds(100);

    /// <summary>Works until told to stop, then until all is answered.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        for (var payment = 0; !stopping.IsCancellationRequested && !abandon.IsCancellationRequested; payment++)
        {
            var claim = chance.Next(10) < 3 && recent.TryPeek(out _) ? recent.ElementAt(chance.Next(Math.Max(1, recent.Count / 2))) : New(payment);
            var sends = chance.Next(6) == 0 ? chance.Next(2, 4) : 1;
            var sending = Enumerable.Range(0, sends).Select(_ => SendAsync(claim, chance.Next(10) == 0, new Random(chance.Next()), abandon)).ToArray();
            await Task.WhenAll(sending);
            await Task.Delay(chance.Next(40), CancellationToken.None);
        }
    }

    /// <summary>Reports a payment until it is answered, or gives up.</summary>
    public async Task SendAsync(Claim claim, bool other, Random own, CancellationToken abandon)
    {
        var amount = claim.Amount(other);
        while (!abandon.IsCancellationRequested)
        {
            if (world.Pick(own) is { Url: { } url })
            {
                var patience = TimeSpan.FromMilliseconds(PatienceMilliseconds[own.Next(PatienceMilliseconds.Length)]);
                var body = new { claim.Psp, PspReference = claim.Reference, claim.AccountId, claim.ReferenceId, Amount = amount, Currency = "KES" };
                if (await world.Hub.AskAsync(url, HttpMethod.Post, "/v1/payments", body, patience) is { } answer)
                {
                    if (world.Judge.Answered(claim, amount, answer)) return;
                }
                else
                {
                    world.Unanswered();
                }

                if (own.Next(12) == 0) return;
            }

            await Task.Delay(NobodyThere * own.Next(1, 6), CancellationToken.None);
        }
    }

    private Claim New(int payment)
    {
        var account = RealWorld.Accounts[chance.Next(RealWorld.Accounts.Length)];
        var (named, customer, owner, maybe) = chance.Next(10) switch
        {
            < 6 => (account, null, account, false),
            6 => (null, $"{account}-customer", account, false),
            7 => (null, string.Create(CultureInfo.InvariantCulture, $"{RealServers.KnownPrefix}{number}-{payment}"), RealWorld.Asked, true),
            8 => (account, $"{account}-customer", account, false),
            _ => ("nobody", (string?)null, (string?)null, true),
        };
        var reference = string.Create(CultureInfo.InvariantCulture, $"R{number}-{payment}");
        var claim = new Claim($"psp{number % 2}", reference, named, customer, owner, maybe, chance.Next(1, 100_000));
        world.Judge.Reported(claim);
        recent.Enqueue(claim);
        if (recent.Count > RecentMax) recent.TryDequeue(out _);
        return claim;
    }
}
