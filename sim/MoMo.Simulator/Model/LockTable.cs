using MoMo.Engine;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.Model;

/// <summary>Exclusive locks as PostgreSQL keeps them: in order of arrival, until the transaction ends; rings are found; waiting has an end.</summary>
internal sealed class LockTable(VirtualClock clock)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Session> owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(Session Session, TaskCompletionSource Got)>> waiting = new(StringComparer.Ordinal);

    /// <summary>Takes a lock, waiting for whoever holds it.</summary>
    public async Task TakeAsync(Session session, string key)
    {
        if (session.IsBroken) throw new ModelFault(ModelFaultKind.Cut);
        if (owners.TryAdd(key, session))
        {
            session.Locks.Add(key);
            return;
        }

        if (owners[key] == session) return;
        for (var owner = owners[key]; owner.WaitsFor is { } next; owner = owners[next])
        {
            if (owners[next] == session) throw new ModelFault(ModelFaultKind.Deadlock);
        }

        var got = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!waiting.TryGetValue(key, out var queue)) waiting[key] = queue = [];
        queue.Add((session, got));
        session.WaitsFor = key;
        try
        {
            // It may have been given in the moment in which the wait ended.
            if (!await Work.EndsWithinAsync(got.Task, Timeout, clock) && queue.RemoveAll(one => one.Got == got) > 0)
                throw new ModelFault(ModelFaultKind.LockTimeout);
            await got.Task;
            if (session.IsBroken) throw new ModelFault(ModelFaultKind.Cut);
        }
        finally
        {
            session.WaitsFor = null;
        }
    }

    /// <summary>Ends a session's transaction: lets all go, and stops its waiting.</summary>
    public void Release(Session session)
    {
        foreach (var queue in waiting.Values)
        {
            foreach (var (_, got) in queue.FindAll(one => one.Session == session)) got.TrySetException(new ModelFault(ModelFaultKind.Cut));
            queue.RemoveAll(one => one.Session == session);
        }

        foreach (var key in session.Locks.Order(StringComparer.Ordinal).ToList())
        {
            owners.Remove(key);
            if (!waiting.TryGetValue(key, out var queue)) continue;
            if (queue.Count == 0)
            {
                waiting.Remove(key);
                continue;
            }

            var (next, got) = queue[0];
            queue.RemoveAt(0);
            owners[key] = next;
            next.Locks.Add(key);
            next.WaitsFor = null;
            got.TrySetResult();
        }

        session.Locks.Clear();
    }
}
