using System.Collections.Concurrent;
using System.Threading.Channels;
using MoMo.Engine;
using MoMo.Storage.Management;

namespace MoMo.Silo.Identity;

/// <summary>Keys remembered for 30 seconds, or until a change of them is heard of. Remembers as well which ids there are not.</summary>
internal sealed class KnownKeys(KeyStore store, TimeProvider clock) : IDisposable
{
    private const int Max = 100_000;
    private const int UnknownMax = 10_000;
    private const int UsedMax = 10_000;
    private const int StrangersMax = 8;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StrangerWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StrangerRetry = TimeSpan.FromSeconds(1);

    private readonly Cache<string, KnownKey> keys = new(Max, Lifetime, clock);
    // Apart from the keys: whoever guesses ids, however many, makes nobody's key forgotten.
    private readonly Cache<string, bool> unknown = new(UnknownMax, Lifetime, clock);
    // Requests that find a key forgotten ask for it together, once.
    private readonly ConcurrentDictionary<string, Lazy<Task<KnownKey?>>> asking = new(StringComparer.Ordinal);
    // Ids that there are, or were: also when all that is known of them was forgotten, whoever has one need not wait with those who guess.
    private readonly ConcurrentDictionary<string, bool> real = new(StringComparer.Ordinal);
    // Whoever makes ids up gets so many connections to the database and no more; a key that was in use here is looked up beside them.
    private readonly SemaphoreSlim strangers = new(StrangersMax);
    private readonly long minute = 60 * clock.TimestampFrequency;
    private long changes;

    // What does not fit is dropped: the next use of the key comes soon enough.
    private readonly Channel<string> used = Channel.CreateBounded<string>(new BoundedChannelOptions(UsedMax) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Ids of keys whose use is to be recorded.</summary>
    public ChannelReader<string> Used => used.Reader;

    /// <summary>The key from memory.</summary>
    /// <returns>Whether it is known that there is such a key, or that there is none: then the key is null.</returns>
    public bool TryFind(string id, out KnownKey? key)
    {
        if (keys.TryFind(id, out var found))
        {
            key = found;
            return true;
        }

        key = null;
        return unknown.TryFind(id, out _);
    }

    /// <summary>The key, or null. The answer is remembered unless a change was heard of meanwhile: one from before it must not outlive it.</summary>
    /// <exception cref="HubBusyException">It was not in use here lately, and as many of those are being looked up as may be.</exception>
    public async ValueTask<KnownKey?> FindAsync(string id, CancellationToken cancellation)
    {
        if (TryFind(id, out var known)) return known;
        var before = Interlocked.Read(ref changes);
        var key = await AskAsync(id, cancellation);
        if (Interlocked.Read(ref changes) != before) return key;
        if (key is null) unknown.Keep(id, true);
        else Keep(id, key);
        if (Interlocked.Read(ref changes) == before) return key;
        keys.Forget(id); // a change was heard of between the check and here
        unknown.Forget(id);
        return key;
    }

    /// <summary>Hears of a change: <c>key:id</c> forgets that key; other changes are none of ours.</summary>
    public void Forget(string change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (!change.StartsWith("key:", StringComparison.Ordinal)) return;
        // In this order: whoever still joins an answer from before the change sees the changes counted, and does not keep it.
        asking.TryRemove(change[4..], out _);
        Interlocked.Increment(ref changes);
        keys.Forget(change[4..]);
        unknown.Forget(change[4..]);
    }

    /// <summary>Forgets all: after changes may have been missed.</summary>
    public void Forget()
    {
        asking.Clear();
        Interlocked.Increment(ref changes);
        keys.Forget();
        unknown.Forget();
    }

    /// <summary>A request was made with this key.</summary>
    public void Touch(KnownKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.TryTouch(clock.GetTimestamp(), minute)) used.Writer.TryWrite(key.Id);
    }

    public void Dispose() => strangers.Dispose();

    private Task<KnownKey?> AskAsync(string id, CancellationToken cancellation) =>
        asking.GetOrAdd(id, static (id, keys) => new Lazy<Task<KnownKey?>>(() => keys.ReadAsync(id)), this).Value.WaitAsync(cancellation);

    /// <summary>Not cancelled with a request: others wait for it too.</summary>
    private async Task<KnownKey?> ReadAsync(string id)
    {
        var isStranger = !real.ContainsKey(id);
        try
        {
            if (isStranger) await EnterAsync();
        }
        catch
        {
            asking.TryRemove(id, out _);
            throw;
        }

        try
        {
            if (await store.FindAsync(id, CancellationToken.None) is not { } row) return null;
            var unused = row.LastUsedAt is { } last ? clock.GetUtcNow() - last : TimeSpan.FromDays(1);
            return new KnownKey(row, clock.GetTimestamp() - (long)(unused.TotalSeconds * clock.TimestampFrequency));
        }
        finally
        {
            asking.TryRemove(id, out _);
            if (isStranger) strangers.Release();
        }
    }

    private void Keep(string id, KnownKey key)
    {
        keys.Keep(id, key);
        if (real.Count >= Max) real.Clear();
        real[id] = true;
    }

    private async Task EnterAsync()
    {
        if (strangers.Wait(0)) return;
        using var late = new CancellationTokenSource(StrangerWait, clock);
        try
        {
            await strangers.WaitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new HubBusyException("Too many keys that the hub does not remember are being looked up.", StrangerRetry);
        }
    }
}
