namespace MoMo.Bench.Load;

/// <summary>Numbers one after another, taken in blocks; for one thread.</summary>
internal sealed class Numbers(Func<long, long> take, long atOnce)
{
    private long next;
    private long end;

    public long Next()
    {
        if (next == end)
        {
            next = take(atOnce);
            end = next + atOnce;
        }

        return next++;
    }
}
