using System.Collections.Concurrent;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Drops;

/// <summary>
/// Threads of their own for what is written where the hub runs. A disk that does not answer, such as that of a mount whose server is gone, keeps a thread
/// for as long as it likes: no attempt waits for it beyond its time, and a lane has one such thread at most.
/// </summary>
internal sealed class DropThreads
{
    private readonly ConcurrentDictionary<long, bool> busy = [];

    /// <summary>Does something on a thread of its own.</summary>
    /// <param name="lane">For whom.</param>
    /// <param name="act">What.</param>
    /// <param name="cancellation">Ends the wait, though not the act.</param>
    /// <exception cref="ChannelException">What was begun for the lane before has not ended yet.</exception>
    public async Task<T> RunAsync<T>(long lane, Func<T> act, CancellationToken cancellation)
    {
        if (!busy.TryAdd(lane, true))
            throw new ChannelException("The folder's disk does not answer: an earlier file is still being written. Look at what is mounted there.")
            {
                Trouble = ChannelTrouble.Machine,
            };
        Task<T> acting;
        try
        {
            acting = Task.Factory.StartNew(Act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch
        {
            busy.TryRemove(lane, out _); // there are too many threads
            throw;
        }

        return await acting.WaitAsync(cancellation);

        T Act()
        {
            try
            {
                return act();
            }
            finally
            {
                busy.TryRemove(lane, out _);
            }
        }
    }
}
