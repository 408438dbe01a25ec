using MoMo.Domain.Deliveries;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Storage;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Journal;
using MoMo.Storage.Management;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>The store on a real PostgreSQL.</summary>
internal sealed class PostgresStore(NpgsqlDataSource source, FakeTimeProvider clock, DestinationStore destinations, long lane) : StoreUnderTest
{
    public override ILanes Lanes { get; } = new LaneStore(source, clock, static (_, text) => text);

    public override ITurn<RecordAttempt> Attempts { get; } = new AttemptTurn(source);

    public override long Lane => lane;

    private ReplayStore Replays { get; } = new(source, new Ids(), clock);

    public override DateTimeOffset Now => clock.GetUtcNow();

    public override ITurnTransaction Open() => new TurnTransaction(source, clock);

    public override void Advance(TimeSpan time) => clock.Advance(time);

    public override async Task PauseAsync(bool paused)
    {
        var outcome = await destinations.ChangeAsync(
            "a0", "hook", DestinationDraft.Webhook("http://127.0.0.1:1/hook", paused), VersionMatch.Any, CancellationToken.None);
        Assert.NotNull(outcome.Accepted);
    }

    public override async Task<long> ReplayAsync(string state)
    {
        var begun = await Replays.BeginAsync(new DeliveryFilter { State = state, AccountId = "a0", DestinationId = "hook" }, "operator", CancellationToken.None);
        return begun.Accepted!.Total;
    }

    public override async Task StepReplaysAsync()
    {
        var agenda = new Agenda(source);
        foreach (var item in await agenda.ClaimAsync(ReplayStore.AgendaKind, 10, TimeSpan.FromSeconds(60), Now, CancellationToken.None))
            await Replays.StepAsync(item, CancellationToken.None);
    }

    public override Task RetryAsync(Guid delivery) => new DeliveryStore(source, clock).RetryAsync(delivery, CancellationToken.None);

    /// <summary>Runs a test on a store with accounts a0 and a1, PSPs psp and old (archived), and a destination of a0.</summary>
    public static async Task RunAsync(Func<StoreUnderTest, Task> body)
    {
        var database = await JournalHost.PrepareAsync(2);
        await Sql.DoAsync(database.AppConnectionString, "INSERT INTO psps (id, name, created_at, archived) VALUES ('old', 'Old', now(), true)");
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));
        var destinations = new DestinationStore(source, static (_, text) => text, clock);
        Assert.NotNull((await destinations.CreateAsync(
            "a0", "hook", DestinationDraft.Webhook("http://127.0.0.1:1/hook"), NewSecret.Hmac(), CancellationToken.None)).Accepted);
        await body(new PostgresStore(source, clock, destinations, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT lane FROM destinations")));
    }
}
