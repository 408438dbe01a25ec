using System.Collections.Concurrent;
using System.Globalization;
using MoMo.Domain.Deliveries;
using MoMo.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace MoMo.Tests.Chaos;

/// <summary>A silo that is killed while it delivers loses no delivery and repeats at most what was on its way; another takes over by lease.</summary>
[Collection(nameof(Chaos))]
public sealed class DeliveryKillTests(ITestOutputHelper output)
{
    private static readonly string[] Accounts = ["a0", "a1", "a2"];
    private static readonly int InFlightMax = Accounts.Length * new DelivererOptions().LaneConcurrency;

    [Fact]
    public async Task Another_silo_takes_over_and_repeats_what_was_on_its_way_alone()
    {
        const int each = 40;
        const int answered = 10;
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var server = await AccountServer.StartAsync();
        await using var first = Silo(folder, database);
        await using var other = Silo(folder, database);
        await first.StartAsync();
        await KillTests.PrepareAsync(first.Hub, server);

        // Ten of each account arrive; all further ones are taken in and never answered.
        var held = new ConcurrentDictionary<string, bool>();
        foreach (var account in Accounts)
        {
            var come = 0;
            server.Behave($"/{account}", async http =>
            {
                if (Interlocked.Increment(ref come) <= answered) return;
                held[((ReceivedWebhook)http.Items[typeof(ReceivedWebhook)]!).Id] = true;
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            });
        }

        await PayAsync(first.Hub, each * Accounts.Length);
        await Eventually.TrueAsync(() => held.Count == InFlightMax, () => $"{InFlightMax} attempts to hang; {held.Count} do");
        await Eventually.TrueAsync(
            async () => (await DeliveredAsync(database)).Count == answered * Accounts.Length, () => "what was answered to be recorded");

        // Nobody takes the lanes of one that lives, although the other looks at the agenda all the while.
        await other.StartAsync();
        var leases = await LeasesAsync(database);
        Assert.Equal(InFlightMax, held.Count);
        foreach (var account in Accounts) server.Behave($"/{account}", _ => Task.CompletedTask);
        var before = server.Received.Count;
        await first.KillAsync();

        await Eventually.TrueAsync(
            async () => (await DeliveredAsync(database)).Count == each * Accounts.Length, () => $"the other silo to go on; {server.Received.Count} came");
        Assert.True(await LeasesAsync(database) >= leases + Accounts.Length, "No lane was claimed anew.");
        Laws.AssertNone(server.Faults);
        var times = server.Received.GroupBy(webhook => webhook.Id).ToDictionary(same => same.Key, same => same.Count());
        Assert.Equal(each * Accounts.Length, times.Count);
        Assert.Equal(held.Keys.Order(), times.Where(one => one.Value > 1).Select(one => one.Key).Order());
        Assert.All(times.Values, count => Assert.InRange(count, 1, 2));
        Assert.Equal(times.Count + InFlightMax, server.Received.Count);
        // An attempt that nobody recorded is made again under its own number.
        Assert.All(server.Received, webhook => Assert.Equal(1, webhook.Attempt));
        Assert.Equal(answered * Accounts.Length + InFlightMax, before);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public Task Whatever_was_recorded_is_never_sent_again_however_often_silos_are_killed() => Seed.WithAsync(async seed =>
    {
        const int kills = 12;
        const int payments = 600;
        var chance = new Random(seed);
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var server = await AccountServer.StartAsync();
        SiloProcess[] silos = [Silo(folder, database), Silo(folder, database)];
        await using var first = silos[0];
        await using var second = silos[1];
        await first.StartAsync();
        await KillTests.PrepareAsync(first.Hub, server);
        // Attempts are answered one by one, as many as the test lets through; the others hang.
        using var answers = new SemaphoreSlim(0);
        foreach (var account in Accounts)
            server.Behave($"/{account}", http => answers.WaitAsync(http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default));
        await PayAsync(first.Hub, payments);

        var repeated = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            answers.Release(chance.Next(1, 40));
            await Eventually.TrueAsync(() => answers.CurrentCount == 0, () => $"answers to be taken; {answers.CurrentCount} are left");
            await silos[kill % 2].KillAsync();

            // Nobody works now, so what is recorded stays as it is.
            var (come, recorded) = (server.Received.Count, await DeliveredAsync(database));
            var inFlight = server.Received.Select(webhook => webhook.Id).Distinct().Count(id => !recorded.Contains(Guid.Parse(id)));
            Assert.InRange(inFlight, 0, InFlightMax);
            repeated += inFlight;
            await silos[(kill + 1) % 2].StartAsync();
            await Eventually.TrueAsync(() => server.Received.Count > come, () => "the other silo to take over");
            Assert.DoesNotContain(server.Received.Skip(come), webhook => recorded.Contains(Guid.Parse(webhook.Id)));
        }

        answers.Release(2 * payments);
        await Eventually.TrueAsync(async () => (await DeliveredAsync(database)).Count == payments, () => $"the rest; {server.Received.Count} came");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Seed {seed}: {server.Received.Count - payments} of {payments} came again after {kills} kills; {repeated} were on their way."));
        Laws.AssertNone(server.Faults);
        Assert.Equal(payments, server.Received.Select(webhook => webhook.Id).Distinct().Count());
        Assert.InRange(server.Received.Count - payments, 0, kills * InFlightMax);
        await JournalHost.AssertLawfulAsync(database);
    });

    private SiloProcess Silo(TestFolder folder, TestDatabase database) => new(
        output, folder.Path, database, ("MoMo:Deliveries:Lease", "00:00:02"), ("MoMo:Webhooks:Timeout", "00:01:00"));

    private static async Task PayAsync(HubClient hub, int count) =>
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
            Assert.Equal(201, (await hub.PayAsync("psp", $"P{number}", Accounts[number % Accounts.Length])).Status));

    private static async Task<HashSet<Guid>> DeliveredAsync(TestDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        await using var command = source.CreateCommand("SELECT id FROM deliveries WHERE state = 'delivered'");
        await using var rows = await command.ExecuteReaderAsync();
        HashSet<Guid> delivered = [];
        while (await rows.ReadAsync()) delivered.Add(rows.GetGuid(0));
        return delivered;
    }

    private static Task<decimal> LeasesAsync(TestDatabase database) =>
        Sql.AskAsync<decimal>(database.AppConnectionString, "SELECT sum(lease) FROM agenda WHERE kind = 'lane'");
}
