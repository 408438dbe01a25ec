using Microsoft.Extensions.Logging.Abstractions;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Webhooks;
using MoMo.Engine;
using MoMo.Silo.Hosting;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Deliveries;

/// <summary>The deliverer as a silo runs it, on a real database.</summary>
public sealed class DelivererHostTests
{
    [Fact]
    public async Task A_fault_that_nobody_expected_does_not_end_delivering()
    {
        var prepared = await JournalHost.PrepareAsync(1);
        await using var database = NpgsqlDataSource.Create(prepared.AppConnectionString);
        var destinations = new DestinationStore(database, static (_, text) => text, TimeProvider.System);
        Assert.NotNull((await destinations.CreateAsync("a0", "hook", DeliveryRig.Draft(), NewSecret.Hmac(), CancellationToken.None)).Accepted);
        await using var payments = JournalHost.Start(prepared);
        Assert.NotNull((await payments.TakeAsync("a0", "P1")).Accepted);
        await using var outcomes = new Journal<RecordAttempt>(new AttemptTurn(database), new JournalOptions(), TimeProvider.System);
        var faults = 0;
        var deliverer = new Deliverer(
            new LaneStore(database, TimeProvider.System, static (_, text) => text), outcomes, [new OutageKind(TimeProvider.System, DateTimeOffset.MinValue)],
            PaymentEvent.Write, new DelivererOptions { Poll = TimeSpan.FromSeconds(0.1) }, new Random(7), TimeProvider.System,
            (fault, where) => throw new InvalidOperationException($"Fault {Interlocked.Increment(ref faults)} in {where}, and nobody to tell.", fault));
        using var host = new DelivererHost(deliverer, TimeProvider.System, NullLogger<DelivererHost>.Instance);

        // Nothing can be claimed, and the fault of it can't be told: the deliverer's life ends, and another begins.
        await Sql.DoAsync(prepared.OwnerConnectionString, "ALTER TABLE agenda RENAME TO agenda_away");
        await host.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => Volatile.Read(ref faults) >= 2, () => $"a second life; {host.ExecuteTask?.Exception}");
        await Sql.DoAsync(prepared.OwnerConnectionString, "ALTER TABLE agenda_away RENAME TO agenda");

        await Eventually.TrueAsync(
            () => Sql.AskAsync<bool>(prepared.AppConnectionString, "SELECT state = 'delivered' FROM deliveries"), () => "the delivery to arrive");
        await host.StopAsync(CancellationToken.None);
    }
}
