using System.Collections.Concurrent;

namespace MoMo.Storage.Catalog;

/// <summary>
/// Gathers questions of many callers into few queries: what is asked while a query is on its way shares the next one. One caller alone waits for
/// nobody; a hundred cost two queries.
/// </summary>
/// <typeparam name="TKey">What is asked.</typeparam>
/// <typeparam name="TValue">What is answered.</typeparam>
/// <param name="ask">Asks the database for many keys, each once; an answer for each.</param>
internal sealed class Gathering<TKey, TValue>(Func<IReadOnlyCollection<TKey>, Task<IReadOnlyDictionary<TKey, TValue>>> ask) where TKey : notnull
{
    /// <summary>Keys of one query at most.</summary>
    private const int Max = 2_000;

    private readonly ConcurrentQueue<(TKey Key, TaskCompletionSource<TValue> Answer)> waiting = new();
    private int asking;

    /// <summary>The answer of a query that began after this call.</summary>
    public Task<TValue> FindAsync(TKey key)
    {
        var answer = new TaskCompletionSource<TValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Enqueue((key, answer));
        if (Interlocked.CompareExchange(ref asking, 1, 0) == 0) _ = AskAllAsync();
        return answer.Task;
    }

    private async Task AskAllAsync()
    {
        do
        {
            while (!waiting.IsEmpty) await AskSomeAsync();
            Volatile.Write(ref asking, 0);
            // Whoever came between the look and the word found us asking still.
        }
        while (!waiting.IsEmpty && Interlocked.CompareExchange(ref asking, 1, 0) == 0);
    }

    private async Task AskSomeAsync()
    {
        List<(TKey Key, TaskCompletionSource<TValue> Answer)> some = [];
        while (some.Count < Max && waiting.TryDequeue(out var one)) some.Add(one);
        try
        {
            var answers = await ask(some.Select(one => one.Key).ToHashSet());
            foreach (var (key, answer) in some) answer.TrySetResult(answers[key]);
        }
        catch (Exception e)
        {
            foreach (var (_, answer) in some) answer.TrySetException(e);
        }
    }
}
