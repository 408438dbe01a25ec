using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Payments;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>Lists find their way by an index, whatever else there is.</summary>
public sealed class PaymentListTests
{
    /// <summary>20,000 payments of a1, one a second from 2026-01-01 on, each delivered, but for the first five, which are of a0 and are not.</summary>
    private const string Crowd =
        """
        INSERT INTO payments (id, psp_id, psp_reference, account_id, sequence, amount_minor, currency, paid_day_only, received_at, proof_pack,
                proof_position, proof_sha256)
            SELECT (lpad(to_hex((extract(epoch FROM received_at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid,
                'psp', 'C' || n, CASE WHEN n <= 5 THEN 'a0' ELSE 'a1' END, CASE WHEN n <= 5 THEN n ELSE n - 5 END, 100, 'KES', false, received_at, 1, 0, ''
            FROM generate_series(1, 20005) n, LATERAL (SELECT timestamptz '2026-01-01Z' + n * interval '1 second') moment (received_at);
        INSERT INTO payment_keys (psp_id, psp_reference, payment_id) SELECT psp_id, psp_reference, id FROM payments;
        INSERT INTO delivery_rows (id, lane, payment_id, account_id, sequence, state, due_at, created_at)
            SELECT gen_random_uuid(), 7, id, 'a1', sequence, 'delivered', received_at, received_at FROM payments WHERE account_id = 'a1';
        """;

    [Fact]
    public async Task Pages_of_an_account_are_its_numbers_downwards_with_what_left_suspense()
    {
        var database = await JournalHost.PrepareAsync(2);
        await using var silo = JournalHost.Start(database);
        var lost = (await silo.TakeAsync(null, "LOST")).Accepted!.Payment;
        foreach (var reference in (string[])["R1", "R2"]) await silo.TakeAsync("a0", reference);
        var order = new AssignmentOrder(lost.Id, "a0", null, "found by hand", "test", TimeProvider.System.GetUtcNow());
        Assert.NotNull((await silo.Accounts.Of("a0").Assign(order)).Accepted);
        await silo.TakeAsync("a0", "R4");
        await silo.TakeAsync("a1", "R5");
        var store = new PaymentStore(silo.Database);

        List<Payment> seen = [];
        for (Guid? after = null; ;)
        {
            var page = await ListAsync(store, new PaymentFilter("a0", After: after, Limit: 1));
            if (page.Count == 0) break;
            seen.AddRange(page);
            after = page[^1].Id;
        }

        Assert.Equal((string[])["R4", "LOST", "R2", "R1"], seen.Select(one => one.Notice.PspReference));
        Assert.Equal(seen.Select(one => one.Id), (await ListAsync(store, new PaymentFilter("a0"))).Select(one => one.Id));
        var others = (await ListAsync(store, new PaymentFilter("a1")))[0].Id;
        Assert.Empty(await ListAsync(store, new PaymentFilter("a0", After: others)));
        Assert.Equal(lost.Id, Assert.Single(await ListAsync(store, new PaymentFilter("a0", Psp: "psp", PspReference: "LOST"))).Id);
        Assert.Empty(await ListAsync(store, new PaymentFilter("a1", Psp: "psp", PspReference: "LOST")));
        Assert.Empty(await ListAsync(store, new PaymentFilter("a0", Suspense: true)));

        // What left suspense has a number like any other.
        Assert.Equal((string[])["LOST", "R2"], await NumbersAsync(2, 3));
        Assert.Equal((string[])["R4", "LOST"], await NumbersAsync(3, null));
        Assert.Equal((string[])["R1"], await NumbersAsync(null, 1));
        Assert.Equal((string[])["LOST"], (await ListAsync(store, new PaymentFilter("a0", Psp: "psp", PspReference: "LOST", Numbers: new(3, 3)))).Select(one => one.Notice.PspReference));
        Assert.Empty(await ListAsync(store, new PaymentFilter("a0", Psp: "psp", PspReference: "LOST", Numbers: new(1, 2))));

        async Task<IEnumerable<string>> NumbersAsync(long? first, long? last) =>
            (await ListAsync(store, new PaymentFilter("a0", Numbers: new(first, last)))).Select(one => one.Notice.PspReference);
    }

    [Fact]
    public async Task A_list_finds_its_rows_by_an_index_among_20000_others()
    {
        var database = await JournalHost.PrepareAsync(2);
        await Sql.DoAsync(database.AppConnectionString, Crowd);
        await Sql.DoAsync(database.OwnerConnectionString, "ANALYZE");
        var begin = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero);
        var before = await ReadAsync(database);

        await using (var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.AppConnectionString) { Pooling = false }.ConnectionString))
        {
            var store = new PaymentStore(source);
            Assert.Equal(5, (await ListAsync(store, new PaymentFilter("a0"))).Count);
            Assert.Equal(50, (await ListAsync(store, new PaymentFilter("a1"))).Count);
            Assert.Equal(5, (await ListAsync(store, new PaymentFilter("a0", Psp: "psp"))).Count);
            Assert.Single(await ListAsync(store, new PaymentFilter(Psp: "psp", PspReference: "C12345")));
            Assert.Equal(50, (await ListAsync(store, new PaymentFilter(Psp: "psp"))).Count);
            var hour = await ListAsync(store, new PaymentFilter(From: begin, To: begin.AddSeconds(30)));
            Assert.Equal(Enumerable.Range(3_600, 30).Reverse().Select(n => $"C{n}"), hour.Select(one => one.Notice.PspReference));

            var deliveries = new DeliveryStore(source, TimeProvider.System);
            Assert.Empty((await deliveries.ListAsync(new() { AccountId = "a0" }, null, 50, CancellationToken.None)).Accepted!);
            var first = (await deliveries.ListAsync(new() { State = "delivered", AccountId = "a1" }, null, 50, CancellationToken.None)).Accepted!;
            var second = (await deliveries.ListAsync(new() { State = "delivered", AccountId = "a1" }, first[^1].Id, 50, CancellationToken.None)).Accepted!;
            Assert.Equal(Enumerable.Range(19_901, 100).Reverse(), first.Concat(second).Select(one => (int)one.Sequence));
            Assert.Single((await deliveries.ListAsync(new() { AccountId = "a1", PaymentId = first[0].PaymentId }, null, 50, CancellationToken.None)).Accepted!);
            foreach (var state in (string?[])["delivered", null])
            {
                var few = (await deliveries.ListAsync(new() { State = state, AccountId = "a1", Numbers = new(10, 12) }, null, 50, CancellationToken.None)).Accepted!;
                Assert.Equal([12, 11, 10], few.Select(one => one.Sequence));
            }

            Assert.Equal([12, 11, 10], (await ListAsync(store, new PaymentFilter("a1", Numbers: new(10, 12)))).Select(one => one.Sequence!.Value));
            Assert.Empty((await deliveries.ListAsync(new() { State = "pending", AccountId = "a1" }, null, 50, CancellationToken.None)).Accepted!);
            Assert.Empty((await deliveries.ListAsync(new() { State = "dead", AccountId = "a1" }, null, 50, CancellationToken.None)).Accepted!);
        }

        var now = await ReadAsync(database);
        Assert.Equal(before.Scans, now.Scans);
        Assert.InRange(now.Rows - before.Rows, 200, 2_000); // An index that leads to the wrong rows reads all 20,000.
    }

    [Fact]
    public async Task Dead_letters_and_what_tells_of_adapters_are_found_by_an_index_among_20000_of_another_account()
    {
        var database = await JournalHost.PrepareAsync(2);
        await Sql.DoAsync(
            database.AppConnectionString,
            """
            INSERT INTO delivery_rows (id, lane, event_id, account_id, sequence, state, due_at, created_at)
            SELECT gen_random_uuid(), 7, gen_random_uuid(), CASE WHEN n <= 5 THEN 'a0' ELSE 'a1' END, 0, 'dead', now(), now() FROM generate_series(1, 20005) n
            """);
        await Sql.DoAsync(database.OwnerConnectionString, "ANALYZE");
        var before = await ReadAsync(database, "'delivery_rows'");
        await using (var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.AppConnectionString) { Pooling = false }.ConnectionString))
        {
            var deliveries = new DeliveryStore(source, TimeProvider.System);
            foreach (var filter in new DeliveryFilter[] { new() { AccountId = "a0" }, new() { AccountId = "a0", State = "dead" } })
                Assert.Equal(5, (await deliveries.ListAsync(filter, null, 50, CancellationToken.None)).Accepted!.Count);
            foreach (var filter in new DeliveryFilter[] { new() { AccountId = "a1" }, new() { AccountId = "a1", State = "dead" } })
            {
                var first = (await deliveries.ListAsync(filter, null, 50, CancellationToken.None)).Accepted!;
                var second = (await deliveries.ListAsync(filter, first[^1].Id, 50, CancellationToken.None)).Accepted!;
                Assert.Equal(100, first.Concat(second).Select(one => one.Id).Distinct().Count());
            }
        }

        var now = await ReadAsync(database, "'delivery_rows'");
        Assert.Equal(before.Scans, now.Scans);
        Assert.InRange(now.Rows - before.Rows, 200, 1_000);
    }

    [Theory]
    [InlineData("R-4711", "N2")]
    [InlineData(" r-4711\t", "N2")]
    [InlineData("R-471", "")]
    [InlineData("été", "N1")]
    [InlineData("ÉTÉ", "N1")]
    [InlineData("éta", "")]
    [InlineData("KELVIN", "N3")]
    [InlineData("Straße", "N4")]
    [InlineData("STRASSE", "")]
    public async Task Payments_of_a_reference_are_found_as_references_are_compared(string reference, string found)
    {
        var database = await JournalHost.PrepareAsync(1);
        await Sql.DoAsync(
            database.AppConnectionString,
            """
            INSERT INTO payments (id, psp_id, psp_reference, account_id, sequence, reference_id, given_reference, amount_minor, currency, paid_day_only,
                    received_at, proof_pack, proof_position, proof_sha256)
                SELECT gen_random_uuid(), 'psp', 'N' || n, 'a0', n, CASE n WHEN 1 THEN E'\t ÉTÉ\u00A0' WHEN 2 THEN 'R-4711' END,
                    CASE n WHEN 3 THEN E'\u212Aelvin' WHEN 4 THEN 'STRAßE' WHEN 5 THEN 'R-47110' END, 100, 'KES', false, now(), 1, 0, ''
                FROM generate_series(1, 6) n
            """);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        var listed = await ListAsync(new PaymentStore(source), new PaymentFilter("a0", reference));
        Assert.Equal(found, string.Join(' ', listed.Select(one => one.Notice.PspReference)));
    }

    [Fact]
    public async Task A_list_that_takes_too_long_is_refused_and_leaves_the_connection_usable()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var store = new PaymentStore(silo.Database);
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, "LOCK TABLE payments"))
            Assert.Equal("list-too-wide", (await store.ListAsync(new PaymentFilter(), CancellationToken.None)).Refused!.Code);

        Assert.Empty(await ListAsync(store, new PaymentFilter()));
    }

    private static async Task<IReadOnlyList<Payment>> ListAsync(PaymentStore store, PaymentFilter filter) =>
        (await store.ListAsync(filter, CancellationToken.None)).Accepted!;

    /// <summary>How often payments and deliveries were read whole, and how many rows of them by an index.</summary>
    private static async Task<(long Scans, long Rows)> ReadAsync(TestDatabase database, string names = "'payments', 'delivery_rows'")
    {
        // A connection tells what it read when it ends, at the latest.
        const string others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        await Eventually.TrueAsync(async () => await Sql.AskAsync<long>(database.OwnerConnectionString, others) == 0, () => "the end of the connections");
        var tables = $"FROM pg_stat_user_tables WHERE relname IN ({names})";
        return (await Sql.AskAsync<long>(database.OwnerConnectionString, $"SELECT sum(seq_scan)::bigint {tables}"),
            await Sql.AskAsync<long>(database.OwnerConnectionString, $"SELECT sum(idx_tup_fetch)::bigint {tables}"));
    }
}
