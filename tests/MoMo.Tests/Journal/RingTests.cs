using MoMo.Domain.Payments;
using MoMo.Engine;
using MoMo.Tests.Support;

namespace MoMo.Tests.Journal;

/// <summary>
/// Rings of waiting that run through PostgreSQL and through memory, so that neither sees them whole: a turn that lost its claims to one which waits
/// for its own end. Whoever holds claims and waits gives way.
/// </summary>
public sealed class RingTests
{
    private const int Accounts = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Time stands still until the ring is closed: nobody gives way too early.
    private readonly FakeTimeProvider clock = new();
    private readonly JournalOptions options = new() { Lines = 4, BatchMax = 1, PipelineMin = 1, TogetherMax = 0, RetriesMax = 20 };

    [Fact]
    public async Task A_ring_through_two_lines_is_broken_and_each_key_is_one_payment()
    {
        var database = await JournalHost.PrepareAsync(Accounts);
        var (one, other) = await InTwoLinesAsync(database);
        await WithSiloAsync(database, async silo =>
        {
            // Each line's first turn loses the key that the other line's second turn wants.
            var (first, second) = await CloseRingAsync(
                database, 2,
                () => [silo.TakeAsync(one, "K1"), silo.TakeAsync(other, "K2")],
                () => [silo.TakeAsync(one, "K2"), silo.TakeAsync(other, "K1")]);

            // Mostly both of the second give way. When one has broken the ring alone, the other may be the first that decides.
            foreach (var (key, answers) in new (string, Outcome<TakenPayment>[])[] { ("K1", [first[0], second[1]]), ("K2", [first[1], second[0]]) })
            {
                var taken = Assert.Single(answers, answer => answer.Accepted is not null).Accepted!;
                Assert.Equal((key, false), (taken.Payment.Notice.PspReference, taken.Replayed));
                Assert.Equal("payment-differs", Assert.Single(answers, answer => answer.Accepted is null).Refused!.Code);
            }
        });

        await AssertPaymentsAsync(database, 2);
    }

    [Fact]
    public async Task A_ring_within_one_line_is_broken_and_the_repeat_gets_the_first_answer()
    {
        var database = await JournalHost.PrepareAsync(1);
        await WithSiloAsync(database, async silo =>
        {
            var (first, second) = await CloseRingAsync(database, 1, () => [silo.TakeAsync("a0", "K")], () => [silo.TakeAsync("a0", "K")]);
            Assert.Equal((false, true), (first[0].Accepted!.Replayed, second[0].Accepted!.Replayed));
            Assert.Equal(first[0].Accepted!.Payment.Id, second[0].Accepted!.Payment.Id);
        });

        await AssertPaymentsAsync(database, 1);
    }

    private async Task WithSiloAsync(TestDatabase database, Func<JournalHost, Task> act)
    {
        var silo = JournalHost.Start(database, options, clock);
        try
        {
            await act(silo);
        }
        finally
        {
            // What waits for the clock must not keep a test that failed.
            await PassTimeAsync(silo.DisposeAsync().AsTask(), () => "the journal to finish");
        }
    }

    private async Task PassTimeAsync(Task until, Func<string> state)
    {
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return until.IsCompleted;
            },
            state);
        await until;
    }

    /// <summary>
    /// Lets the first turns claim their keys and be cut off before they decide, when the second turns wait for the same keys: the second get them and
    /// wait in memory for the end of the first, who begin again and wait in the database for the second.
    /// </summary>
    private async Task<(Outcome<TakenPayment>[] First, Outcome<TakenPayment>[] Second)> CloseRingAsync(
        TestDatabase database, int lines, Func<Task<Outcome<TakenPayment>>[]> begin, Func<Task<Outcome<TakenPayment>>[]> follow)
    {
        Task<Outcome<TakenPayment>>[] first, second;
        // A turn that has its claims and its fence looks here for what the account is to remember.
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, "LOCK TABLE destinations"))
        {
            first = begin();
            await SeeAsync(database, claimed: lines, waiting: 0, idle: 0);
            second = follow();
            await SeeAsync(database, claimed: lines, waiting: lines, idle: 0);
            await SeeAsync(database, claimed: 0, waiting: lines, idle: lines, cut: true);
        }

        var all = Task.WhenAll([.. first, .. second]);
        await PassTimeAsync(all, () => $"the ring to be broken; {first.Concat(second).Count(answer => answer.IsCompleted)} have their answers");
        return (await Task.WhenAll(first), await Task.WhenAll(second));
    }

    /// <summary>Waits until so many turns stand at the table, wait for another's end, and hold a transaction that asks for nothing.</summary>
    private static async Task SeeAsync(TestDatabase database, long claimed, long waiting, long idle, bool cut = false)
    {
        var standing = $"pid IN (SELECT pid {HeldLock.Waiting("destinations")})";
        const string others = "FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user";
        var seen = "";
        await Eventually.TrueAsync(
            async () =>
            {
                // A turn that was quick to begin again, before the others had the key, is cut off again.
                if (cut) await Sql.AskAsync<long>(database.OwnerConnectionString, $"SELECT count(pg_terminate_backend(pid)) {others} AND {standing}");
                seen = await Sql.AskAsync<string>(
                    database.OwnerConnectionString,
                    $"""
                    SELECT concat_ws(' ', count(*) FILTER (WHERE {standing}), count(*) FILTER (WHERE wait_event = 'transactionid'),
                        count(*) FILTER (WHERE state = 'idle in transaction')) {others}
                    """);
                return seen == FormattableString.Invariant($"{claimed} {waiting} {idle}");
            },
            () => $"{claimed} at the table, {waiting} waiting, {idle} idle; it is {seen}");
    }

    /// <summary>Two accounts of which one is answered while the other's line waits.</summary>
    private async Task<(string One, string Other)> InTwoLinesAsync(TestDatabase database)
    {
        await using var silo = JournalHost.Start(database, options);
        Task<Outcome<TakenPayment>> waiting;
        Task<Outcome<TakenPayment>>[] others;
        string other;
        await using (await HeldLock.TakeAsync(database.AppConnectionString, "SELECT FROM account_heads WHERE account_id = 'a0' FOR UPDATE"))
        {
            waiting = silo.TakeAsync("a0", "R0");
            others = [.. Enumerable.Range(1, Accounts - 1).Select(n => silo.TakeAsync($"a{n}", $"R{n}"))];
            var first = await Task.WhenAny([waiting, .. others]).WaitAsync(Patience);
            other = (await first).Accepted!.Payment.AccountId!;
        }

        await waiting;
        await Task.WhenAll(others);
        return ("a0", other);
    }

    private static async Task AssertPaymentsAsync(TestDatabase database, long ofKeys)
    {
        Assert.Equal(ofKeys, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments WHERE psp_reference LIKE 'K%'"));
        await JournalHost.AssertLawfulAsync(database);
    }
}
