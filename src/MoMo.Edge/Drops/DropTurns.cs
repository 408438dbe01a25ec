using System.Collections.Concurrent;

namespace MoMo.Edge.Drops;

/// <summary>
/// Who may write or upload a file now. An account has a quarter of the places at most, and waits for one of those before it waits for one of all: servers of
/// one account that never answer keep nobody else waiting.
/// </summary>
/// <param name="max">Places of all accounts together.</param>
internal sealed class DropTurns(int max) : IDisposable
{
    /// <summary>Accounts whose places are counted at most; forgetting them lets them have as many more for a moment.</summary>
    private const int AccountsMax = 10_000;

    private readonly SemaphoreSlim all = new(max);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> own = new(StringComparer.Ordinal);
    private readonly int ownMax = Math.Max(max / 4, 1);

    /// <summary>Waits for a place; it is given back with what is returned.</summary>
    public async Task<IDisposable> TakeAsync(string account, CancellationToken cancellation)
    {
        if (own.Count >= AccountsMax) own.Clear();
        var its = own.GetOrAdd(account, static (_, most) => new SemaphoreSlim(most), ownMax);
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
