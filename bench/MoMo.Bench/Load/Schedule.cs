namespace MoMo.Bench.Load;

/// <summary>When requests of a steady rate are due: a share of them at each tick.</summary>
/// <param name="perTick">Requests a tick; the broken part is carried on.</param>
/// <param name="began">When it begins, in clock ticks.</param>
/// <param name="tick">How long a tick is, in clock ticks.</param>
internal sealed class Schedule(double perTick, long began, long tick)
{
    private long taken;

    /// <summary>Takes the next request, if it is due.</summary>
    public bool TryTake(long now, out long dueAt)
    {
        dueAt = began + (long)(taken / perTick) * tick;
        if (dueAt > now) return false;
        taken++;
        return true;
    }

    /// <summary>Requests that were due before the end and not taken.</summary>
    public long Left(long end) => Math.Max((long)((end - began) / tick * perTick) - taken, 0);
}
