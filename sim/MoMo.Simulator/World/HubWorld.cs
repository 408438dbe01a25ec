using MoMo.Domain.Deliveries;
using MoMo.Domain.Turns;
using MoMo.Simulator.Hunt;
using MoMo.Simulator.Model;
using MoMo.Simulator.Oracles;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>The hub and everything around it: silos, the store, PSPs, accounts' servers, operators, and what befalls them.</summary>
internal sealed class HubWorld
{
    /// <summary>Accounts, called a0, a1…</summary>
    public const int Accounts = 5;

    private const int Adapters = 2;

    private readonly int seed;
    private readonly Dictionary<Uri, AccountServer> servers = [];
    private readonly Silos silos;
    private readonly VirtualClock clock;
    private readonly Psp psp;
    private readonly Files papers;
    private readonly Calm calm;
    private readonly Faults faults;
    private readonly Settling settling;

    public HubWorld(Loop loop, int seed, Random chance, Defect defect)
    {
        this.seed = seed;
        Outside = new Process(loop, "world", 1);
        clock = new VirtualClock(loop, Outside);
        Store = new Store(loop, 2);
        Judge = new Judge(loop, Store);
        Weather = new Weather();
        Lookups = new LookupServers(chance);
        Admin = new Link(Store, Outside, clock, Weather, chance);
        var parts = new SiloParts(loop, Store, Weather, Judge, Lookups, servers, chance, defect);
        calm = new Calm(loop, Judge, Store, clock, Outside);
        psp = new Psp(this, clock);
        var desk = new Operator(this, clock);
        papers = new Files([.. Enumerable.Range(0, Adapters).Select(number => new FileAdapter(this, loop, number, defect))]);
        Fill(loop, chance, defect);
        Store.Recorded = Recorded;
        Store.Tried = Judge.Tried;
        Store.Held = Judge.Held;
        Store.Replaying = Judge.Replays.Begun;
        Store.Again = Judge.Replays.Again;
        silos = new Silos(parts, clock, Outside);
        faults = new Faults(this, silos, desk, papers, clock);
        settling = new Settling(this, silos, psp, desk, papers, clock, seed);
    }

    /// <summary>Where PSPs and operators live.</summary>
    public Process Outside { get; }

    public Store Store { get; }

    public Judge Judge { get; }

    public Weather Weather { get; }

    public LookupServers Lookups { get; }

    /// <summary>The operators' way to the store.</summary>
    public Link Admin { get; }

    /// <summary>How it is, for whoever asks why a run does not end.</summary>
    public string State => $"{silos.State}; {psp.Open} messages and {papers.Open} files open";

    /// <summary>Accounts' servers.</summary>
    public IEnumerable<AccountServer> Servers => servers.Values;

    /// <summary>Lanes, each with a server: 1, 2, 3…</summary>
    public int Lanes => servers.Count;

    /// <summary>The server behind a lane.</summary>
    public AccountServer ServerOf(long lane) => servers.Values.First(one => one.Lane == lane);

    /// <summary>A silo that answers; null when none does.</summary>
    public SimulatedSilo? Pick(Random chance) => silos.Pick(chance);

    /// <summary>Lets a plan happen, then calms down, and waits until everything has settled.</summary>
    public async Task LiveAsync(IReadOnlyList<Step> plan, TimeSpan settleMax)
    {
        var begin = clock.GetTimestamp();
        foreach (var step in plan)
        {
            var wait = step.At - clock.GetElapsedTime(begin);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock);
            Begin(step);
        }

        await Task.Delay(TimeSpan.FromMinutes(2), clock);
        calm.Trouble(settleMax); // all silos go, and the one that goes on looks seldom
        await settling.CalmDownAsync();
        await settling.SettleAsync(settleMax);
    }

    private void Begin(Step step)
    {
        var chance = Plan.ChanceOf(seed, step.Number);
        if (Troubles(step.Kind)) calm.Trouble(step.For);
        switch (step.Kind)
        {
            case StepKind.Pay:
                psp.Pay(step, chance);
                break;
            case StepKind.Burst:
                for (var one = 0; one < 200; one++) psp.Pay(step with { Number = (step.Number * 1_000) + one + 100_000, For = TimeSpan.Zero }, chance);
                Outside.Post(silos.CheckQueues);
                break;
            case StepKind.File:
                papers.Appear(step, chance);
                break;
            case StepKind.Again:
                papers.Reappear(step, chance);
                break;
            case StepKind.Jump:
                // What is due by that clock is late by the others'.
                calm.Trouble(Faults.JumpLasts);
                faults.Begin(step, chance);
                break;
            default:
                faults.Begin(step, chance);
                break;
        }
    }

    /// <summary>Whether it disturbs the hub itself, and not just its neighbours.</summary>
    private static bool Troubles(StepKind kind) => kind is not (StepKind.Pay or StepKind.File or StepKind.Again or StepKind.Stall or StepKind.Crash
        or StepKind.Assign or StepKind.Unlink or StepKind.Retry or StepKind.Server or StepKind.Lookup);

    /// <summary>A destination's secret.</summary>
    public static byte[] Secret(Random chance)
    {
        var secret = new byte[32];
        chance.NextBytes(secret);
        return secret;
    }

    private void Recorded(TurnFacts facts)
    {
        Judge.Recorded(facts);
        foreach (var delivery in facts.Deliveries)
        {
            if (servers.Values.FirstOrDefault(one => one.Lane == delivery.Lane) is { } server) calm.Watch(delivery.Id, server);
        }
    }

    private void Fill(Loop loop, Random chance, Defect defect)
    {
        var tables = Store.Tables;
        tables.Psps["p0"] = tables.Psps["p1"] = false;
        var lane = 0L;
        for (var account = 0; account < Accounts; account++)
        {
            var id = $"a{account}";
            tables.Accounts[id] = new AccountLine { Id = id, LookupUrl = new Uri($"https://{id}/lookup") };
            for (var reference = 0; reference < 3; reference++) tables.References[$"{id}-{reference}"] = [id];
            List<string> kinds = [ServerKind.Name];
            if (account % 2 == 1) kinds.Add(ServerKind.Name);
            if (account >= Accounts - 2) kinds.Add(FileKind.Name);
            foreach (var kind in kinds)
            {
                lane++;
                var url = new Uri($"https://{id}/{kind}{lane}");
                servers[url] = new AccountServer(loop, Judge, lane, id, chance);
                var secret = Secret(chance);
                servers[url].Learns(secret);
                tables.Destinations[lane] = new DestinationLine
                {
                    Lane = lane, AccountId = id, Url = url, Kind = kind, Order = (DeliveryOrder)(lane % 3), Secrets = [secret],
                };
                tables.Lanes[lane] = new LaneLine();
            }
        }

        tables.References["shared"] = ["a0", "a1"];
        Store.Defects.HeadsNotLocked = defect == Defect.AccountsNotFenced;
        Store.Defects.MemoryNotCompared = defect == Defect.MemoryNotCompared;
        Store.Defects.SequencesNotUnique = defect is Defect.AccountsNotFenced or Defect.MemoryNotCompared;
        Store.Defects.LeasesNotFenced = defect == Defect.LeaseNotFenced;
        Store.Defects.AttemptsNotFenced = defect == Defect.OutcomeNotFenced;
        Store.Defects.OrderIgnored = defect == Defect.OrderIgnored;
        Store.Defects.ReplaysBeginAnew = defect == Defect.ReplayBeginsAnew;
        Store.Defects.ReplaysTooWide = defect == Defect.ReplayTooWide;
        Store.Defects.ReplaysForgotten = defect == Defect.ReplayForgotten;
        Store.Defects.ReplaysOvertake = defect == Defect.ReplayOvertakes;
        Store.Defects.LanesFallAsleep = defect == Defect.LostWakeUp;
    }
}
