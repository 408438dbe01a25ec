using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>What befalls the hub and those around it: each fault begins, lasts as long as its step says, and ends.</summary>
internal sealed class Faults(HubWorld world, Silos silos, Operator desk, Files papers, VirtualClock clock)
{
    /// <summary>Until somebody sets a wrong clock right.</summary>
    public static readonly TimeSpan JumpLasts = TimeSpan.FromMinutes(3);

    private Model.Weather Weather => world.Weather;

    /// <summary>Lets one happen.</summary>
    /// <param name="step">What.</param>
    /// <param name="chance">The step's own.</param>
    public void Begin(Step step, Random chance)
    {
        var silo = step.Whom % Silos.Count;
        var lane = (step.Whom % world.Lanes) + 1L;
        var account = $"a{step.Whom % HubWorld.Accounts}";
        switch (step.Kind)
        {
            case StepKind.Kill:
                During(step, () => silos.Kill(silo, chance), () => silos.Start(silo));
                break;
            case StepKind.Stop:
                During(step, silos[silo].Stop, () => silos.Restart(silo));
                break;
            case StepKind.Pause:
                var paused = silos[silo].Process;
                During(step, paused.Pause, paused.Resume);
                break;
            case StepKind.Jump:
                var wrong = silos[silo].Clock;
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
                var server = world.ServerOf(lane);
                During(step, () => server.Behave((ServerMode)chance.Next(1, 1 + (int)ServerMode.Gone)), () => server.Behave(ServerMode.Well));
                break;
            case StepKind.Lookup:
                During(step, () => (chance.Next(2) == 0 ? (Action<string>)world.Lookups.Silence : world.Lookups.Lie)(account), () => world.Lookups.Heal(account));
                break;
            case StepKind.Assign:
                world.Outside.Start(() => desk.AssignAsync(chance));
                break;
            case StepKind.Unlink:
                world.Outside.Start(() => desk.UnlinkAsync(chance));
                break;
            case StepKind.Retry:
                world.Outside.Start(() => desk.RetryAsync(chance));
                break;
            case StepKind.Replay:
                world.Outside.Start(() => desk.ReplayAsync(lane, step.For, chance));
                break;
            case StepKind.Silence:
                Order(step, () => desk.PauseAsync(lane, true), () => desk.PauseAsync(lane, false));
                break;
            case StepKind.Rotate:
                var fresh = HubWorld.Secret(chance);
                Order(step, () => desk.RotateAsync(lane, fresh), () => desk.EndRotationAsync(lane));
                break;
            case StepKind.Archive:
                Order(step, () => desk.ArchiveAsync(account, true), () => desk.ArchiveAsync(account, false));
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
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step.Kind, "It is no fault.");
        }
    }

    /// <summary>What the operator does, and takes back.</summary>
    private void Order(Step step, Func<Task> begin, Func<Task> end) => During(step, () => { world.Outside.Start(begin); }, () => { world.Outside.Start(end); });

    private void During(Step step, Action begin, Action end)
    {
        begin();
        world.Outside.Start(async () =>
        {
            await Task.Delay(step.For.Duration(), clock);
            end();
        });
    }

    private void GoDown()
    {
        Weather.IsDown = true;
        world.Store.BreakAll(null);
    }
}
