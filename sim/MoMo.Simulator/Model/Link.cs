using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.Model;

/// <summary>One process's way to the store. Awaited inside the process; statements run in the store, also those of a client that died since.</summary>
internal sealed class Link(Store store, Process process, VirtualClock clock, Weather weather, Random chance)
{
    public Session Connect() => store.Connect(process);

    /// <summary>Asks the store something.</summary>
    /// <exception cref="ModelFault">What went wrong; with a cut nobody knows whether it took effect.</exception>
    public async Task<T> AskAsync<T>(Session session, Func<Task<T>> serve)
    {
        await WayAsync();
        if (weather.IsDown || Happens(weather.CutBefore))
        {
            store.Break(session);
            throw new ModelFault(ModelFaultKind.Cut);
        }

        var fails = Happens(weather.Conflicts);
        var answer = await store.Process.Start(() => ServeAsync(session, serve, fails));
        if (Happens(weather.CutAfter))
        {
            store.Break(session);
            throw new ModelFault(ModelFaultKind.Cut);
        }

        await WayAsync();
        if (session.IsBroken) throw new ModelFault(ModelFaultKind.Cut);
        return answer;
    }

    /// <summary>A statement of its own, on a connection of the pool.</summary>
    public async Task<T> AskAsync<T>(Func<Session, Task<T>> serve)
    {
        var session = Connect();
        try
        {
            return await AskAsync(session, () => serve(session));
        }
        finally
        {
            store.Break(session);
        }
    }

    private async Task<T> ServeAsync<T>(Session session, Func<Task<T>> serve, bool fails)
    {
        if (session.IsBroken) throw new ModelFault(ModelFaultKind.Cut);
        try
        {
            if (fails) throw new ModelFault(ModelFaultKind.Conflict);
            var answer = await serve();
            if (session.IsBroken) throw new ModelFault(ModelFaultKind.Cut);
            return answer;
        }
        catch (ModelFault)
        {
            store.End(session);
            throw;
        }
    }

    private Task WayAsync() => Task.Delay(TimeSpan.FromTicks(1 + chance.NextInt64(weather.LatencyMax.Ticks)), clock);

    private bool Happens(int of) => of > 0 && chance.Next(1_000) < of;
}
