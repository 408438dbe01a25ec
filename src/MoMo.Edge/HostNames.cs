using System.Collections.Concurrent;
using System.Net;

namespace MoMo.Edge;

/// <summary>
/// Turns names of hosts into addresses. The system's resolver keeps a thread until it has an answer or gives up, which takes ten seconds and more when no name
/// server answers: these are threads of their own, a bounded number, so that names which nobody answers for never take those that everything else runs on.
/// When few of them are free, a name that took long to fail is not asked for again for several times as long: whoever has many such names takes a part of the
/// threads, never all.
/// </summary>
/// <param name="ask">Asks the resolver.</param>
/// <param name="clock">Tells how long it took; the system's by default.</param>
internal sealed class HostNames(Func<string, IPAddress[]> ask, TimeProvider? clock = null) : IDisposable
{
    /// <summary>Names that the resolver is asked for at once at most; others wait. More than an account has destinations.</summary>
    public const int OpenMax = 64;

    /// <summary>A failure that took at least so long is remembered.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    /// <summary>For so many times as long, and no longer than <see cref="RememberedMax"/>.</summary>
    private const int Times = 3;

    private static readonly TimeSpan RememberedMax = TimeSpan.FromSeconds(30);

    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private readonly SemaphoreSlim open = new(OpenMax);
    private readonly ConcurrentDictionary<string, Lazy<Task<IPAddress[]>>> asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of accounts' servers, by the system's resolver.</summary>
    public static HostNames OfDestinations { get; } = new(Dns.GetHostAddresses);

    /// <summary>Of those that payments wait for: accounts' lookups, PSPs' APIs. They are few, and must not wait behind the others.</summary>
    public static HostNames OfQuestions { get; } = new(Dns.GetHostAddresses);

    /// <summary>Of servers that files are fetched from or put on.</summary>
    public static HostNames OfChannels { get; } = new(Dns.GetHostAddresses);

    /// <summary>The addresses of a name. Whoever asks for one that is asked for already gets the same answer.</summary>
    /// <param name="host">The name.</param>
    /// <param name="cancellation">Ends the wait, not the question.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The resolver knows none.</exception>
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
        asked.GetOrAdd(host, name => new Lazy<Task<IPAddress[]>>(() => AskAsync(name))).Value.WaitAsync(cancellation);

    /// <summary>Once nobody asks any more.</summary>
    public void Dispose() => open.Dispose();

    private async Task<IPAddress[]> AskAsync(string host)
    {
        await open.WaitAsync();
        var began = clock.GetTimestamp();
        var keep = TimeSpan.Zero;
        try
        {
            return await Task.Factory.StartNew(
                () => ask(host), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
        catch when (open.CurrentCount < OpenMax / 2 && clock.GetElapsedTime(began) is var took && took >= Long)
        {
            keep = took * Times < RememberedMax ? took * Times : RememberedMax;
            throw;
        }
        finally
        {
            open.Release();
            if (keep == TimeSpan.Zero) asked.TryRemove(host, out _);
            else _ = ForgetAsync(host, keep);
        }
    }

    private async Task ForgetAsync(string host, TimeSpan after)
    {
        await Task.Delay(after, clock);
        asked.TryRemove(host, out _);
    }
}
