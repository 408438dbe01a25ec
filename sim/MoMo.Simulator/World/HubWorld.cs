using MoMo.Domain.Adapters;
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

    private const int Silos = 3;

    private const int Adapters = 2;

    private static readonly TimeSpan JumpLasts = TimeSpan.FromMinutes(3);

    private readonly int seed;
    private readonly SiloParts parts;
    private readonly Dictionary<Uri, AccountServer> servers = [];
    private readonly SimulatedSilo[] silos = new SimulatedSilo[Silos];
    private readonly VirtualClock clock;
    private readonly Psp psp;
    private readonly Operator desk;
    private readonly Files papers;
    private readonly Calm calm;
    private int lives;

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
        parts = new SiloParts(loop, Store, Weather, Judge, Lookups, servers, chance, defect);
        calm = new Calm(loop, Judge, Store, clock, Outside);
        psp = new Psp(this, clock);
        desk = new Operator(this, clock);
        papers = new Files([.. Enumerable.Range(0, Adapters).Select(number => new FileAdapter(this, loop, number, defect))]);
        Fill(loop, chance, defect);
        Store.Recorded = Recorded;
        Store.Tried = Judge.Tried;
        Store.Held = Judge.Held;
        for (var place = 0; place < Silos; place++) silos[place] = Start();
    }

    /// <summary>Where PSPs and operators live.</summary>
    public Process Outside { get; }

    public Store Store { get; }

    public Judge Judge { get; }

    public Weather Weather { get; }

    public LookupServers Lookups { get; }

    /// <summary>The operators' way to the store.</summary>
    public Link Admin { get; }

    /// <summary>How its silos are, for whoever asks why a run does not end.</summary>
    public string State => string.Join("; ", silos.Distinct().Select(one =>
        $"{one.Process.Name} {(one.Process.IsDead ? "dead" : one.Process.IsPaused ? "paused" : "alive")}, {one.Journal?.Waiting} wait after {one.Journal?.Turns} turns"))
        + $"; {psp.Open} messages and {papers.Open} files open";

    /// <summary>The server behind a lane.</summary>
    public AccountServer ServerOf(long lane) => servers.Values.First(one => one.Lane == lane);

    /// <summary>A silo that answers; null when none does.</summary>
    public SimulatedSilo? Pick(Random chance)
    {
        var silo = silos[chance.Next(Silos)];
        return silo.IsAway ? null : silo;
    }

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
        await CalmDownAsync();
        await SettleAsync(settleMax);
    }

    private void Begin(Step step)
    {
        var chance = Plan.ChanceOf(seed, step.Number);
        var silo = step.Whom % Silos;
        var lane = (step.Whom % servers.Count) + 1L;
        var account = $"a{step.Whom % Accounts}";
        var harmless = step.Kind is StepKind.Pay or StepKind.File or StepKind.Again or StepKind.Stall or StepKind.Crash;
        if (!harmless && step.Kind is not (StepKind.Assign or StepKind.Retry or StepKind.Server or StepKind.Lookup)) calm.Trouble(step.For);
        switch (step.Kind)
        {
            case StepKind.Pay:
                psp.Pay(step, chance);
                break;
            case StepKind.Burst:
                for (var one = 0; one < 200; one++) psp.Pay(step with { Number = (step.Number * 1_000) + one + 100_000, For = TimeSpan.Zero }, chance);
                Outside.Post(CheckQueues);
                break;
            case StepKind.Kill:
                During(step, () => Kill(silo, chance), () => silos[silo] = Start());
                break;
            case StepKind.Stop:
                During(step, silos[silo].Stop, () => Restart(silo));
                break;
            case StepKind.Pause:
                var paused = silos[silo].Process;
                During(step, paused.Pause, paused.Resume);
                break;
            case StepKind.Jump:
                // Until somebody sets it right, what is due by that clock is late by the others'.
                var wrong = silos[silo].Clock;
                calm.Trouble(JumpLasts);
                During(step with { For = JumpLasts }, () => wrong.Ahead += step.For, () => wrong.Ahead -= step.For);
                break;
            case StepKind.Cut:
                During(step, () => (Weather.CutBefore, Weather.CutAfter) = (chance.Next(200), chance.Next(200)), Weather.Clear);
                break;
            case StepKind.Down:
                During(step, GoDown, Weather.Clear);
                break;
            case StepKind.Slow:
                During(step, () => Weather.LatencyMax = TimeSpan.FromMilliseconds(chance.Next(10, 3_000)), Weather.Clear);
                break;
            case StepKind.Conflict:
                During(step, () => Weather.Conflicts = chance.Next(400), Weather.Clear);
                break;
            case StepKind.Server:
                var server = servers.Values.First(one => one.Lane == lane);
                During(step, () => server.Behave((ServerMode)chance.Next(1, 1 + (int)ServerMode.Gone)), () => server.Behave(ServerMode.Well));
                break;
            case StepKind.Lookup:
                During(step, () => (chance.Next(2) == 0 ? (Action<string>)Lookups.Silence : Lookups.Lie)(account), () => Lookups.Heal(account));
                break;
            case StepKind.Assign:
                Outside.Start(() => desk.AssignAsync(chance));
                break;
            case StepKind.Retry:
                Outside.Start(() => desk.RetryAsync(chance));
                break;
            case StepKind.Silence:
                During(step, () => Outside.Start(() => desk.PauseAsync(lane, true)), () => Outside.Start(() => desk.PauseAsync(lane, false)));
                break;
            case StepKind.Rotate:
                var fresh = Secret(chance);
                During(step, () => Outside.Start(() => desk.RotateAsync(lane, fresh)), () => Outside.Start(() => desk.EndRotationAsync(lane)));
                break;
            case StepKind.File:
                papers.Appear(step, chance);
                break;
            case StepKind.Again:
                papers.Reappear(step, chance);
                break;
            case StepKind.Stall:
                var adapter = papers.Of(step.Whom);
                var stall = adapter.Pause();
                During(step, () => { }, () => adapter.Resume(stall));
                break;
            case StepKind.Crash:
                var dying = papers.Of(step.Whom);
                During(step, dying.Kill, () => dying.Restart(chance));
                break;
            case StepKind.Archive:
                During(step, () => Outside.Start(() => desk.ArchiveAsync(account, true)), () => Outside.Start(() => desk.ArchiveAsync(account, false)));
                break;
        }
    }

    private void During(Step step, Action begin, Action end)
    {
        begin();
        Outside.Start(async () =>
        {
            await Task.Delay(step.For < TimeSpan.Zero ? -step.For : step.For, clock);
            end();
        });
    }

    private SimulatedSilo Start() => new(parts, 10 + lives++);

    private void Kill(int place, Random chance)
    {
        var process = silos[place].Process;
        silos[place].Kill();
        // Mostly the system closes its connections at once; when the machine is gone, the server notices later.
        var later = TimeSpan.FromMilliseconds(chance.Next(5) == 0 ? chance.Next(15_000) : 1);
        Outside.Start(async () =>
        {
            await Task.Delay(later, clock);
            Store.BreakAll(process);
        });
    }

    private void Restart(int place)
    {
        // What has not stopped by now is killed, as whoever runs it would.
        if (!silos[place].Process.IsDead) silos[place].Kill();
        Store.BreakAll(silos[place].Process);
        silos[place] = Start();
    }

    private void GoDown()
    {
        Weather.IsDown = true;
        Store.BreakAll(null);
    }

    private void CheckQueues()
    {
        foreach (var silo in silos)
        {
            if (silo.Journal is { Waiting: > SimulatedSilo.WaitingMax } journal)
                Judge.Accuse("law 9, everything has a limit", $"{journal.Waiting} commands wait in one silo; {SimulatedSilo.WaitingMax} may.");
        }
    }

    /// <summary>The faults end: whoever was away comes back, and silos look at the agenda less often, which only makes a run shorter.</summary>
    private async Task CalmDownAsync()
    {
        Weather.Clear();
        papers.Heal(new Random(seed));
        parts.Poll = TimeSpan.FromMinutes(1);
        parts.Lease = TimeSpan.FromMinutes(10);
        for (var place = 0; place < Silos; place++)
        {
            silos[place].Process.Resume();
            if (place > 0) silos[place].Stop();
        }

        await Task.Delay(TimeSpan.FromMinutes(1), clock);
        for (var place = 0; place < Silos; place++)
        {
            silos[place].Kill();
            Store.BreakAll(silos[place].Process);
        }

        silos[0] = Start();
        silos[1] = silos[2] = silos[0];
        for (var account = 0; account < Accounts; account++)
        {
            Lookups.Heal($"a{account}");
            await desk.ArchiveAsync($"a{account}", false);
        }

        await CheckLivenessAsync();
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
            // A lease, two looks for those that ran out, and what a question takes that must be asked again.
            await Task.Delay(AdapterSignal.LeaseDefault + (2 * parts.Poll) + TimeSpan.FromMinutes(2), clock);
            foreach (var (id, one) in Store.Tables.Adapters.Where(one => one.Value.State != state))
                Judge.Accuse("alarms tell the truth", $"Adapter {id} is {one.State} ({one.Detail}) since {one.Since:u}, and should be {state}.");
        }
    }

    private async Task SettleAsync(TimeSpan settleMax)
    {
        var begin = clock.GetTimestamp();
        while (clock.GetElapsedTime(begin) < settleMax)
        {
            foreach (var server in servers.Values)
            {
                server.Behave(ServerMode.Well);
                if (Store.Tables.Destinations[server.Lane].Paused) await desk.PauseAsync(server.Lane, false);
            }

            foreach (var dead in Store.Tables.Deliveries.Values.Where(one => one.State == "dead").ToList()) await desk.RetryAsync(dead);
            await Task.Delay(TimeSpan.FromMinutes(5), clock);
            if (psp.Open == 0 && papers.Open == 0 && Store.Tables.Deliveries.Values.All(one => one.State == "delivered")) break;
        }

        if (papers.Open > 0) Judge.Accuse("everything settles", $"{papers.Open} files are not read to their end {settleMax} after the faults stopped.");
        if (psp.Open > 0) Judge.Accuse("everything settles", $"{psp.Open} messages have no answer {settleMax} after the faults stopped.");
    }

    private static byte[] Secret(Random chance)
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
            for (var destination = 0; destination <= account % 2; destination++)
            {
                lane++;
                var url = new Uri($"https://{id}/hook{destination}");
                servers[url] = new AccountServer(loop, Judge, lane, id, chance);
                var secret = Secret(chance);
                servers[url].Learns(secret);
                tables.Destinations[lane] = new DestinationLine { Lane = lane, AccountId = id, Url = url, Order = (DeliveryOrder)(lane % 3), Secrets = [secret] };
                tables.Lanes[lane] = new LaneLine();
            }
        }

        tables.References["shared"] = ["a0", "a1"];
        Store.Defects.HeadsNotLocked = Store.Defects.SequencesNotUnique = defect == Defect.AccountsNotFenced;
        Store.Defects.LeasesNotFenced = defect == Defect.LeaseNotFenced;
        Store.Defects.AttemptsNotFenced = defect == Defect.OutcomeNotFenced;
        Store.Defects.OrderIgnored = defect == Defect.OrderIgnored;
        Store.Defects.LanesFallAsleep = defect == Defect.LostWakeUp;
    }
}
