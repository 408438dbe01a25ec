using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;
using MoMo.Storage.Payments;
using MoMo.Tests.Support;

namespace MoMo.Tests.Fuzz;

/// <summary>What a reader accepts, the database keeps: nothing is changed on the way there and back.</summary>
public sealed class FuzzedStoreTests
{
    private const int Seed = 20_261_121;
    private const int InputsMax = 3_000;
    private const int EachMax = 60;

    [Fact]
    public async Task What_readers_accept_is_stored_and_read_back_identical_and_a_repeat_is_a_repeat()
    {
        var notices = FuzzTargets.All.SelectMany(Accepted).Where(notice => notice.PspReference.Length < 190).ToList();
        Assert.InRange(notices.Count, 400, 5_000);
        // Most mutations leave the reference as it is, and each payment needs its own.
        var known = new HashSet<string>();
        for (var place = 0; place < notices.Count; place++)
            if (!known.Add(notices[place].PspReference)) notices[place] = notices[place] with { PspReference = $"{place}:{notices[place].PspReference}" };
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var store = new PaymentStore(silo.Database);

        // One by one they go by INSERT, all at once by COPY.
        foreach (var notice in notices.Take(40)) await TakeAsync(silo, notice);
        var taken = await Task.WhenAll(notices.Select(notice => TakeAsync(silo, notice)));
        Assert.Equal(40, taken.Count(one => one.Replayed));
        foreach (var (notice, one) in notices.Zip(taken))
        {
            var kept = (await store.FindAsync(one.Payment.Id, CancellationToken.None))!;
            Assert.Equal(notice, kept.Notice);
            Assert.True((await TakeAsync(silo, notice)).Replayed);
        }

        await JournalHost.AssertLawfulAsync(database);
    }

    private static IEnumerable<PaymentNotice> Accepted(IFuzzTarget target)
    {
        List<PaymentNotice> accepted = [];
        for (var number = 0; number < InputsMax && accepted.Count < EachMax; number++)
        {
            var payments = target.Run(new Mutator(new Random(Seed + number)).Mutate(target.Samples, target.Samples.Count)).Payments;
            if (payments.Count == 0 && accepted.Count == 0 && number > 500) break; // a reader of something else
            accepted.AddRange(payments.Take(5));
        }

        return accepted.Select(notice => notice with { Psp = "psp" });
    }

    private static async Task<TakenPayment> TakeAsync(JournalHost silo, PaymentNotice notice)
    {
        var decision = new RoutingDecision("a0", notice.ReferenceId, [new RuleFinding("account", Verdict.Found, notice.Text, "a0")]);
        var outcome = await silo.Accounts.Of("a0").Take(
            new Arrival(silo.Ids.Next(), notice, decision, Proof.OfMessage("1"u8.ToArray(), "{}"), TimeProvider.System.GetUtcNow()));
        Assert.True(outcome.Accepted is not null, $"{outcome.Refused?.Code} {outcome.Refused?.Detail} {notice}");
        return outcome.Accepted!;
    }
}
