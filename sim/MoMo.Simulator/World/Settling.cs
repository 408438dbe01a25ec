using MoMo.Domain.Adapters;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>The end of a run: the faults stop, whoever was away comes back, and everything is to settle.</summary>
internal sealed class Settling(HubWorld world, Silos silos, Psp psp, Operator desk, Files papers, VirtualClock clock, int seed)
{
    /// <summary>A lease, two looks for those that ran out, and what a question takes that must be asked again.</summary>
    private static readonly TimeSpan LivenessKnownIn = AdapterSignal.LeaseDefault + (2 * Silos.CalmPoll) + TimeSpan.FromMinutes(2);

    /// <summary>Ends all faults, and sees whether the alarms tell the truth.</summary>
    public async Task CalmDownAsync()
    {
        world.Weather.Clear();
        papers.Heal(new Random(seed));
        await silos.LeaveOneAsync();
        for (var account = 0; account < HubWorld.Accounts; account++)
        {
            world.Lookups.Heal($"a{account}");
            await desk.ArchiveAsync($"a{account}", false);
        }

        await CheckLivenessAsync();
    }

    /// <summary>Waits until all is answered, read and delivered.</summary>
    /// <param name="max">Later is too late.</param>
    public async Task SettleAsync(TimeSpan max)
    {
        var tables = world.Store.Tables;
        var begin = clock.GetTimestamp();
        while (clock.GetElapsedTime(begin) < max)
        {
            foreach (var server in world.Servers)
            {
                server.Behave(ServerMode.Well);
                if (tables.Destinations[server.Lane].Paused) await desk.PauseAsync(server.Lane, false);
            }

            foreach (var dead in tables.Deliveries.Values.Where(one => one.State == "dead").ToList()) await desk.RetryAsync(dead);
            await Task.Delay(TimeSpan.FromMinutes(5), clock);
            if (psp.Open == 0 && papers.Open == 0 && tables.Replays.Values.All(one => one.Finished) && tables.Deliveries.Values.All(one => one.State == "delivered")) break;
        }

        if (papers.Open > 0) world.Judge.Accuse("everything settles", $"{papers.Open} files are not read to their end {max} after the faults stopped.");
        if (psp.Open > 0) world.Judge.Accuse("everything settles", $"{psp.Open} messages have no answer {max} after the faults stopped.");
    }

    /// <summary>Who is heard is up, who stands still is down before long, and who goes on is up again.</summary>
    private async Task CheckLivenessAsync()
    {
        await ExpectAsync("up");
        papers.Pause();
        await ExpectAsync("down");
        papers.Heal(new Random(seed));
        await ExpectAsync("up");
        papers.FallSilent();

        async Task ExpectAsync(string state)
        {
            await Task.Delay(LivenessKnownIn, clock);
            foreach (var (id, one) in world.Store.Tables.Adapters.Where(one => one.Value.State != state))
                world.Judge.Accuse("alarms tell the truth", $"Adapter {id} is {one.State} ({one.Detail}) since {one.Since:u}, and should be {state}.");
        }
    }
}
