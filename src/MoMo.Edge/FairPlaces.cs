using System.Collections.Concurrent;

namespace MoMo.Edge;

/// <summary>
/// Places for what may go on at once. Whoever asks waits for one of his own before he waits for one of all, so that what never ends for one, a host or an
/// account, keeps nobody else waiting.
/// </summary>
/// <param name="max">Places of all together.</param>
/// <param name="ownMax">Those that one has of them at most.</param>
internal sealed class FairPlaces(int max, int ownMax) : IDisposable
{
    /// <summary>Of how many it is counted at most; forgetting them lets them have as many more for a moment.</summary>
    private const int OwnersMax = 10_000;

    private readonly SemaphoreSlim all = new(max);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> own = new(StringComparer.Ordinal);

    /// <summary>Waits for a place; it is given back with what is returned.</summary>
    public async Task<IDisposable> TakeAsync(string owner, CancellationToken cancellation)
    {
        if (own.Count >= OwnersMax) own.Clear();
        var its = own.GetOrAdd(owner, static (_, most) => new SemaphoreSlim(most), ownMax);
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

    public void Dispose() => all.Dispose();

    private sealed class Place(SemaphoreSlim own, SemaphoreSlim all) : IDisposable
    {
        public void Dispose()
        {
            all.Release();
            own.Release();
        }
    }
}
