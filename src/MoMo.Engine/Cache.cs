using System.Collections.Concurrent;

namespace MoMo.Engine;

/// <summary>Remembers answers for a while, at most so many. Only ever a cache: forgetting one costs a question, nothing else.</summary>
/// <typeparam name="TKey">What was asked.</typeparam>
/// <typeparam name="TValue">What was answered; a null answer is remembered too.</typeparam>
/// <param name="max">Answers at most; when full, all are forgotten.</param>
/// <param name="lifetime">How long an answer is good for.</param>
/// <param name="clock">Tells the time.</param>
public sealed class Cache<TKey, TValue>(int max, TimeSpan lifetime, TimeProvider clock) where TKey : notnull
{
    // With a number of its own it keeps that many locks; else it makes up to a thousand as it grows, and who counts it takes all of them.
    private readonly ConcurrentDictionary<TKey, (TValue Value, long Until)> answers = new(Environment.ProcessorCount, capacity: 31);
    private long generation;

    /// <summary>The answer from memory.</summary>
    public bool TryFind(TKey key, out TValue value)
    {
        var found = answers.TryGetValue(key, out var answer) && answer.Until > clock.GetTimestamp();
        value = answer.Value;
        return found;
    }

    /// <summary>
    /// Asks, and remembers the answer, unless something was forgotten meanwhile: an answer that was read before a change must not outlive it.
    /// </summary>
    public async ValueTask<TValue> FindAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> ask, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ask);
        if (TryFind(key, out var known)) return known;
        var before = Interlocked.Read(ref generation);
        var answer = await ask(key, cancellation);
        if (Interlocked.Read(ref generation) != before) return answer;
        Keep(key, answer);
        if (Interlocked.Read(ref generation) != before) answers.TryRemove(key, out _); // forgotten between the check and here
        return answer;
    }

    /// <summary>Remembers an answer.</summary>
    public void Keep(TKey key, TValue value)
    {
        if (answers.Count >= max && !answers.ContainsKey(key)) answers.Clear();
        answers[key] = (value, clock.GetTimestamp() + (long)(lifetime.TotalSeconds * clock.TimestampFrequency));
    }

    /// <summary>Forgets one answer.</summary>
    public void Forget(TKey key)
    {
        Interlocked.Increment(ref generation);
        answers.TryRemove(key, out _);
    }

    /// <summary>Forgets all.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref generation);
        answers.Clear();
    }
}
