using System.Collections.Concurrent;

namespace MoMo.Edge;

/// <summary>
/// Places for what may go on at once. Whoever asks waits for one of his own before he waits for one of all, so that what never ends for one, a host or an
/// account, keeps nobody else waiting.
/// </summary>
/// <param name="max">Places of all together.</param>
/// <param name="ownMax">Those that one has of them at most.</param>
public sealed class FairPlaces(int max, int ownMax) : IDisposable
{
    /// <summary>Of how many it is counted at most; forgetting them lets them have as many more for a moment.</summary>
    private const int OwnersMax = 10_000;

    private readonly SemaphoreSlim all = new(max);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> own = new(StringComparer.Ordinal);

    /// <summary>Waits for a place; it is given back with what is returned.</summary>
    public async Task<IDisposable> TakeAsync(string owner, CancellationToken cancellation)
    {
        var its = Own(owner);
        await its.WaitAsync(cancellation);
        try
        {
            await all.WaitAsync(cancellation);
        }
        catch
        {
            its.Release();
            throw;
        }

        return new Place(its, all);
    }

    /// <summary>A place without waiting; null when there is none.</summary>
    public IDisposable? TryTake(string owner)
    {
        var its = Own(owner);
        if (!its.Wait(0)) return null;
        if (all.Wait(0)) return new Place(its, all);
        its.Release();
        return null;
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => all.Dispose();

    private SemaphoreSlim Own(string owner)
    {
        if (own.Count >= OwnersMax) own.Clear();
        return own.GetOrAdd(owner, static (_, most) => new SemaphoreSlim(most), ownMax);
    }

    private sealed class Place(SemaphoreSlim own, SemaphoreSlim all) : IDisposable
    {
        public void Dispose()
        {
            all.Release();
            own.Release();
        }
    }
}
