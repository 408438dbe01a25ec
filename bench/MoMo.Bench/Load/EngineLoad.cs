using System.Globalization;
using System.Text;
using MoMo.Bench.Hub;
using MoMo.Bench.Rows;
using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Storage.Journal;
using Npgsql;

namespace MoMo.Bench.Load;

/// <summary>The engine in this process, without HTTP: accounts, journal, turns.</summary>
internal sealed class EngineLoad : IAsyncDisposable
{
    private static readonly DateTimeOffset PaidAt = new(2026, 1, 15, 6, 30, 47, TimeSpan.Zero);

    private static readonly int ReferencePlace = Payments.Json.IndexOf("R#", StringComparison.Ordinal);
    private static readonly int ReferenceLength = Payments.Json.LastIndexOf('#') - ReferencePlace + 1;

    private readonly Ids ids = new();
    private readonly NpgsqlDataSource database;
    private readonly Journal<AccountCommand> journal;
    private readonly JournaledAccounts accounts;

    public EngineLoad(HubDatabase hub)
    {
        // As the silo connects.
        var settings = new NpgsqlConnectionStringBuilder(hub.AppConnectionString) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2, MaxPoolSize = 40 };
        database = NpgsqlDataSource.Create(settings.ConnectionString);
        var turn = new AccountTurn(() => new TurnTransaction(database, TimeProvider.System), ids, TimeProvider.System, _ => { });
        journal = new Journal<AccountCommand>(turn, new JournalOptions(), TimeProvider.System);
        accounts = new JournaledAccounts(journal);
    }

    /// <summary>Keeps so many payments in flight for a while.</summary>
    /// <param name="inFlight">Callers, each of which waits for the commit before its next payment.</param>
    /// <param name="accountCount">Accounts that the payments are spread over.</param>
    /// <param name="length">How long.</param>
    /// <param name="takeNumbers">Gives numbers that no payment has yet.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<LoadResult> RunAsync(int inFlight, int accountCount, TimeSpan length, Func<long, long> takeNumbers, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(length, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        var (turns, commands, allocated) = (journal.Turns, journal.Commands, GC.GetTotalAllocatedBytes());
        var began = TimeProvider.System.GetTimestamp();
        var callers = Enumerable.Range(0, inFlight).Select(_ => Task.Run(() => CallAsync(accountCount, takeNumbers, stop.Token), CancellationToken.None));
        var done = await Task.WhenAll(callers);
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        cancellation.ThrowIfCancellationRequested();

        var (acknowledged, dropped) = (done.Sum(one => one.Taken), done.Sum(one => one.Dropped));
        var (turned, recorded) = (journal.Turns - turns, journal.Commands - commands);
        return new LoadResult
        {
            PerSecond = acknowledged / elapsed.TotalSeconds,
            Acknowledged = acknowledged,
            Dropped = dropped,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"{(double)recorded / Math.Max(turned, 1):0} payments a turn, {(GC.GetTotalAllocatedBytes() - allocated) / Math.Max(recorded, 1)} bytes allocated for each"),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await journal.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task<(long Taken, long Dropped)> CallAsync(int accountCount, Func<long, long> takeNumbers, CancellationToken stop)
    {
        var template = new Template(Payments.Json, accountCount);
        long taken = 0, dropped = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var arrival = Arrival(takeNumbers(1), accountCount, template);
                var outcome = await accounts.Of(arrival.Routing.AccountId).Take(arrival);
                if (outcome.Accepted is { Replayed: false }) taken++;
                else dropped++;
            }
            catch (HubBusyException)
            {
                dropped++;
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
            }
        }

        return (taken, dropped);
    }

    /// <summary>What the silo makes of the same payment before it asks the account.</summary>
    private Arrival Arrival(long number, int accountCount, Template template)
    {
        var body = new byte[template.Length];
        template.CopyTo(body);
        template.Fill(body, number);
        var account = string.Create(CultureInfo.InvariantCulture, $"{Payments.AccountPrefix}{number % accountCount:0000}");
        var reference = string.Create(CultureInfo.InvariantCulture, $"meter-{number % accountCount:0000}-{number / accountCount % 10}");
        var notice = new PaymentNotice
        {
            Psp = Payments.Psp,
            PspReference = Encoding.ASCII.GetString(body, ReferencePlace, ReferenceLength),
            Amount = new Money(1_000_050 + number % 10_000 * 100, Currency.Find("KES")!),
            AccountId = account,
            ReferenceId = reference,
            PaidAt = new PaidAt(PaidAt),
            Payer = new Payer("JANE WANJIKU", "254700000001", null),
        };
        var decision = new RoutingDecision(account, reference, [new RuleFinding("account", Verdict.Found, null, account, reference)]);
        return new Arrival(ids.Next(), notice, decision, Proof.OfMessage(body, "{}"), TimeProvider.System.GetUtcNow());
    }
}
