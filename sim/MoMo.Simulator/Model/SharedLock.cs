using MoMo.Engine;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.Model;

/// <summary>An advisory lock that many share or one holds alone, in order of arrival, until the transaction ends; waiting has an end.</summary>
internal sealed class SharedLock(VirtualClock clock)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HashSet<Session> sharing = [];
    private readonly List<(Session Session, bool Alone, TaskCompletionSource Got)> waiting = [];
    private Session? holder;

    /// <summary>Takes it; who holds it alone may share it, too.</summary>
    public async Task TakeAsync(Session session, bool alone)
    {
        if (session.IsBroken) throw new ModelFault(ModelFaultKind.Cut);
        if (holder == session) return;
        var got = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add((session, alone, got));
        Admit();
        // It may have been given in the moment in which the wait ended.
        if (!await Work.EndsWithinAsync(got.Task, Timeout, clock) && waiting.RemoveAll(one => one.Got == got) > 0)
        {
            Admit();
            throw new ModelFault(ModelFaultKind.LockTimeout);
        }

        await got.Task;
        if (session.IsBroken) throw new ModelFault(ModelFaultKind.Cut);
    }

    /// <summary>Ends a session's transaction.</summary>
    public void Release(Session session)
    {
        foreach (var (_, _, got) in waiting.FindAll(one => one.Session == session)) got.TrySetException(new ModelFault(ModelFaultKind.Cut));
        waiting.RemoveAll(one => one.Session == session);
        sharing.Remove(session);
        if (holder == session) holder = null;
        Admit();
    }

    private void Admit()
    {
        while (waiting.Count > 0 && holder is null)
        {
            var (session, alone, got) = waiting[0];
            if (alone && sharing.Any(one => one != session)) return;
            waiting.RemoveAt(0);
            if (alone) holder = session;
            else sharing.Add(session);
            got.TrySetResult();
        }
    }
}
