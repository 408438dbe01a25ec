using System.Collections.Concurrent;
using System.Net;

namespace MoMo.Edge;

/// <summary>
/// Turns names of hosts into addresses. The system's resolver keeps a thread until it has an answer or gives up, which takes ten seconds and more when no name
/// server answers: these are threads of their own, a bounded number, so that names which nobody answers for never take those that everything else runs on.
/// </summary>
/// <param name="ask">Asks the resolver.</param>
internal sealed class HostNames(Func<string, IPAddress[]> ask) : IDisposable
{
    /// <summary>Names that the resolver is asked for at once at most; others wait. More than an account has destinations.</summary>
    public const int OpenMax = 64;

    private readonly SemaphoreSlim open = new(OpenMax);
    private readonly ConcurrentDictionary<string, Lazy<Task<IPAddress[]>>> asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that the system's resolver knows.</summary>
    public static HostNames System { get; } = new(Dns.GetHostAddresses);

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
        try
        {
            return await Task.Factory.StartNew(
                () => ask(host), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
        finally
        {
            open.Release();
            asked.TryRemove(host, out _);
        }
    }
}
