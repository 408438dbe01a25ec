using System.Globalization;

namespace MoMo.Tests.Fuzz;

/// <summary>
/// Feeds a reader with mutations of its samples and judges each reading: no exception, bounded allocation for each byte, an end within a
/// generous time. Inputs that take a new way are mutated further. A failure tells the seed, the number of the input, and the shortest input
/// that shows it, in base64.
/// </summary>
internal sealed class Fuzzer(IFuzzTarget target, int seed, TimeSpan? hangMax = null)
{
    private const int KeptMax = 400;
    private readonly TimeSpan hangMax = hangMax ?? TimeSpan.FromSeconds(20);
    private readonly List<byte[]> samples = [.. target.Samples];
    private readonly HashSet<string> outcomes = [];
    private long inputs, payments, since;
    private byte[] current = [];
    private Exception? failure;
    private TimeSpan slowest;

    /// <summary>Reads mutations until there were enough, or the time is over.</summary>
    /// <exception cref="FuzzException">The reader has a defect.</exception>
    public FuzzReport Run(long inputsMax, TimeSpan timeMax) => Watched(timeMax, started =>
    {
        foreach (var sample in target.Samples) Check(sample);
        for (var number = 0; number < inputsMax && TimeProvider.System.GetElapsedTime(started) < timeMax; number++)
        {
            var input = new Mutator(new Random(unchecked(seed + number * 7_919))).Mutate(samples, target.Samples.Count);
            if (Check(input) && samples.Count < target.Samples.Count + KeptMax) samples.Add(input);
        }
    });

    /// <summary>Reads given inputs.</summary>
    /// <exception cref="FuzzException">The reader has a defect.</exception>
    public FuzzReport Run(IEnumerable<byte[]> given) => Watched(TimeSpan.MaxValue, _ =>
    {
        foreach (var sample in target.Samples) Check(sample);
        foreach (var input in given) Check(input);
    });

    /// <summary>Works on a thread of its own, so that a reader that hangs fails instead of hanging the test too.</summary>
    private FuzzReport Watched(TimeSpan timeMax, Action<long> work)
    {
        foreach (var sample in target.Samples) Prepare(sample);
        var started = TimeProvider.System.GetTimestamp();
        Volatile.Write(ref since, started);
        var worker = new Thread(() =>
        {
            try
            {
                work(started);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }) { IsBackground = true, Name = $"fuzz {target.Name}" };
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
        {
            if (TimeProvider.System.GetElapsedTime(Volatile.Read(ref since)) > hangMax)
                throw Failed($"read for more than {hangMax.TotalSeconds:N0} s", current, null);
        }

        if (failure is FuzzException found) throw found;
        if (failure is not null) throw new FuzzException("The fuzzer itself failed.", failure);
        return new FuzzReport(inputs, outcomes.Count, payments, slowest, TimeProvider.System.GetElapsedTime(started));
    }

    /// <summary>What is made once, on the first reading, is no allocation of an input.</summary>
    private void Prepare(byte[] sample)
    {
        try
        {
            target.Run(sample);
        }
        catch (Exception e)
        {
            throw Failed(e.Message, sample, e);
        }
    }

    /// <summary>Whether the input took a new way.</summary>
    private bool Check(byte[] input)
    {
        inputs++;
        var (outcome, fault) = Read(input);
        var took = TimeProvider.System.GetElapsedTime(since);
        if (took > slowest) slowest = took;
        if (fault is null)
        {
            payments += outcome!.Payments.Count;
            return outcomes.Add(outcome.Label);
        }

        var shortest = Shrinker.Shrink(input, one => Read(one).Fault is { } other && SameDefect(fault, other));
        throw Failed(fault.Message, shortest, Read(shortest).Fault ?? fault);
    }

    private (FuzzOutcome? Outcome, Exception? Fault) Read(byte[] input)
    {
        Volatile.Write(ref current, input);
        Volatile.Write(ref since, TimeProvider.System.GetTimestamp());
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var outcome = target.Run(input);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated <= target.AllocatedMin + input.Length * target.AllocatedPerByteMax ? (outcome, null)
                : (null, new FuzzException(string.Create(CultureInfo.InvariantCulture,
                    $"allocated {allocated:N0} bytes for {input.Length:N0} of input, which ended as '{outcome.Label}'")));
        }
        catch (Exception e)
        {
            return (null, e);
        }
    }

    private static bool SameDefect(Exception one, Exception other) =>
        one.GetType() == other.GetType() && (one is FuzzException ? one.Message[..9] == other.Message[..9] : one.TargetSite == other.TargetSite);

    private FuzzException Failed(string why, byte[] input, Exception? fault) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"{target.Name}: {why}\nseed {seed}, input {inputs:N0}, {input.Length:N0} bytes in base64:\n{Convert.ToBase64String(input)}\n{Shown(input)}\n{fault}"),
        fault ?? new TimeoutException(why));

    private static string Shown(byte[] input) => System.Text.Encoding.UTF8.GetString(input.AsSpan(0, Math.Min(input.Length, 400)));
}
