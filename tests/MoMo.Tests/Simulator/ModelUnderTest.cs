using MoMo.Domain.Deliveries;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Simulator.Model;
using MoMo.Simulator.Schedule;
using MoMo.Simulator.World;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Simulator;

/// <summary>The simulator's model of the store, under several orders of scheduling.</summary>
internal sealed class ModelUnderTest : StoreUnderTest
{
    private readonly Store store;
    private readonly Link link;
    private readonly VirtualClock clock;

    private ModelUnderTest(Loop loop, Process client, Random chance)
    {
        store = new Store(loop, 2);
        clock = new VirtualClock(loop, client);
        link = new Link(store, client, clock, new Weather(), chance);
        Lanes = new ModelLanes(store, link, clock);
        Attempts = new ModelAttempts(store, link);
        var tables = store.Tables;
        (tables.Psps["psp"], tables.Psps["old"]) = (false, true);
        tables.Accounts["a0"] = new AccountLine { Id = "a0" };
        tables.Accounts["a1"] = new AccountLine { Id = "a1" };
        tables.Destinations[1] = new DestinationLine { Lane = 1, AccountId = "a0", Url = new Uri("https://a0/hook"), Kind = ServerKind.Name };
        tables.Lanes[1] = new LaneLine();
    }

    public override ILanes Lanes { get; }

    public override ITurn<RecordAttempt> Attempts { get; }

    public override long Lane => 1;

    public override DateTimeOffset Now => clock.GetUtcNow();

    public override ITurnTransaction Open() => new ModelTransaction(store, link);

    public override void Advance(TimeSpan time) => clock.Ahead += time;

    public override Task PauseAsync(bool paused)
    {
        if (store.Tables.Destinations[1].Paused && !paused) store.Tables.Lanes[1].DueAt = Now;
        store.Tables.Destinations[1].Paused = paused;
        store.Tables.Accounts["a0"].Version++;
        return Task.CompletedTask;
    }

    public override async Task<long> ReplayAsync(string state) => (await new ModelReplays(store, link, clock).BeginAsync(id => new ReplayLine
    {
        Id = id, State = state, AccountId = "a0", Lane = 1, Until = Now,
    })).Total;

    public override Task StepReplaysAsync() => new ModelReplays(store, link, clock).RunOnceAsync();

    public override Task RetryAsync(Guid delivery)
    {
        var line = store.Tables.Deliveries[delivery];
        store.SendAgain(line, Now);
        store.Tables.Lanes[1].DueAt = Now;
        store.Tables.Lanes[1].EndRest();
        return Task.CompletedTask;
    }

    /// <summary>Runs a test under each of the orders.</summary>
    public static Task RunAsync(Func<StoreUnderTest, Task> body)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var chance = new Random(seed);
            var loop = new Loop(chance);
            var client = new Process(loop, "client", 1);
            System.Runtime.ExceptionServices.ExceptionDispatchInfo? failed = null;
            client.Start(async () =>
            {
                try
                {
                    await body(new ModelUnderTest(loop, client, chance));
                }
                catch (Exception e)
                {
                    failed = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
                }

                loop.Stop();
            });
            Assert.True(loop.Run(TimeSpan.FromDays(1)), "The test did not end.");
            failed?.Throw();
            Assert.Null(loop.Escaped);
        }

        return Task.CompletedTask;
    }
}
