using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Routing;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Storage;
using MoMo.Storage.Journal;
using Npgsql;

namespace MoMo.Tests.Support;

/// <summary>A silo's journal without its HTTP: what takes payments, on a real database. Several on one database are several silos.</summary>
internal sealed class JournalHost : IAsyncDisposable
{
    private JournalHost(string connectionString, JournalOptions options, TimeProvider clock, Func<ITurnTransaction, ITurnTransaction> around)
    {
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 50, AutoPrepareMinUsages = 2 }.ConnectionString);
        Journal = new Journal<AccountCommand>(new AccountTurn(() => around(new TurnTransaction(Database, clock)), Ids, clock, Remember), options, clock);
        Accounts = new JournaledAccounts(Journal);
    }

    public Ids Ids { get; } = new();

    public ConcurrentQueue<long> Woken { get; } = [];

    public NpgsqlDataSource Database { get; }

    public Journal<AccountCommand> Journal { get; }

    public IAccounts Accounts { get; }

    /// <summary>A fresh database with the PSP <c>psp</c> and accounts <c>a0</c>, <c>a1</c>…</summary>
    public static async Task<TestDatabase> PrepareAsync(int accounts)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.DoAsync(
            database.AppConnectionString,
            $"""
            INSERT INTO psps (id, name, created_at) VALUES ('psp', 'PSP', now());
            INSERT INTO accounts (id, name, created_at) SELECT 'a' || n, 'Account ' || n, now() FROM generate_series(0, {accounts - 1}) n;
            INSERT INTO account_heads (account_id) SELECT id FROM accounts;
            """);
        return database;
    }

    /// <summary>Gives a0 a destination, as any silo might: it is told of what comes from now on.</summary>
    public static Task AddDestinationAsync(TestDatabase database) => Sql.DoAsync(
        database.AppConnectionString,
        """
        BEGIN;
        UPDATE account_heads SET version = version + 1 WHERE account_id = 'a0';
        INSERT INTO destinations (account_id, id, kind, url, secret, created_at) VALUES ('a0', 'd', 'webhook', 'http://d', 's', now());
        INSERT INTO agenda (kind, key, due_at) SELECT 'lane', lane::text, 'infinity' FROM destinations;
        INSERT INTO lane_marks (lane, since, mark) SELECT lane, sequence, sequence FROM destinations JOIN account_heads USING (account_id);
        COMMIT
        """);

    /// <param name="database">Prepared.</param>
    /// <param name="options">How commands are gathered; as a silo does by default.</param>
    /// <param name="clock">Measures how long turns wait; the system's by default.</param>
    /// <param name="around">What a turn gets in place of its transaction; itself by default.</param>
    public static JournalHost Start(
        TestDatabase database, JournalOptions? options = null, TimeProvider? clock = null, Func<ITurnTransaction, ITurnTransaction>? around = null) =>
        new(database.AppConnectionString, options ?? new JournalOptions(), clock ?? TimeProvider.System, around ?? (static transaction => transaction));

    public Task<Outcome<TakenPayment>> TakeAsync(string? account, string reference, string amount = "10.00", string? adapter = null) =>
        Accounts.Of(account).Take(Arrival(account, reference, amount, adapter));

    public Task<Outcome<TakenReversal>> ReverseAsync(string reference, string? original, string amount = "10.00", string? endToEnd = null, string currency = "KES") =>
        Accounts.Of(null).Reverse(Reversal(reference, original, amount, endToEnd, currency));

    public TakeReversal Reversal(string reference, string? original, string amount = "10.00", string? endToEnd = null, string currency = "KES")
    {
        var notice = new ReversalNotice
        {
            Psp = "psp", PspReference = reference, OriginalReference = original, EndToEndId = endToEnd, Amount = Money.Parse(amount, currency).Accepted!,
        };
        var proof = Proof.OfMessage(Encoding.UTF8.GetBytes($"{reference} takes back {original} {amount}"), "{}");
        return new TakeReversal(Ids.Next(), notice, proof, TimeProvider.System.GetUtcNow(), null);
    }

    public Arrival Arrival(string? account, string reference, string amount = "10.00", string? adapter = null)
    {
        var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { psp_reference = reference, amount }));
        var notice = new PaymentNotice
        {
            Psp = "psp", PspReference = reference, Amount = Money.Parse(amount, "KES").Accepted!, AccountId = account ?? "nobody", Adapter = adapter,
        };
        var finding = account is null ? new RuleFinding("account", Verdict.Unknown) : new RuleFinding("account", Verdict.Found, null, account);
        return new Arrival(Ids.Next(), notice, new RoutingDecision(account, null, [finding]), Proof.OfMessage(body, "{}"), TimeProvider.System.GetUtcNow());
    }

    /// <summary>What <c>momo verify</c> says: every law with how many rows break it.</summary>
    public static async Task AssertLawfulAsync(TestDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        var (_, checks) = await new Verification(source).RunAsync(CancellationToken.None);
        Assert.All(checks, check => Assert.True(check.Broken == 0, $"{check.Law} {check.Broken} broken, first: {check.First}"));
    }

    private void Remember(IReadOnlyCollection<long> lanes)
    {
        foreach (var lane in lanes) Woken.Enqueue(lane);
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await Database.DisposeAsync();
    }
}
