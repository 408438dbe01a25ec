using System.IO.Pipelines;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>
/// Looks after a stream, which no timeout of the server ends: one that is silent, one whose answers nobody takes, and one whose key is gone give their
/// place back.
/// </summary>
/// <param name="sender">Who sends it.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="reading">Cancelled when nothing more is to be read.</param>
internal sealed class StreamWatch(StreamSender sender, TimeProvider clock, CancellationToken reading) : IDisposable
{
    /// <summary>How long a stream may be silent, and how long its answers may wait to be taken. An empty line every now and then keeps it open.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(5);

    /// <summary>How often it is looked at.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private static readonly Refusal Silent = new(
        "stream-silent", $"Nothing came for {SilenceMax.TotalMinutes} minutes; the stream is not read any further. Open another for what follows.");

    private readonly CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(reading);
    private long readingSince = long.MaxValue; // when nothing is waited for
    private long writingSince = long.MaxValue;

    /// <summary>The key is not valid any more.</summary>
    public static Refusal Gone { get; } = new("unauthenticated", "The key was deleted meanwhile; the stream is not read any further.");

    /// <summary>Why the stream is read no further; null as long as it is.</summary>
    public Refusal? Why { get; private set; }

    /// <summary>Waits for what the sender sends.</summary>
    /// <exception cref="OperationCanceledException">Nothing more is to be read; <see cref="Why"/> tells why if it was found here.</exception>
    public async ValueTask<ReadResult> ReadAsync(PipeReader lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        Volatile.Write(ref readingSince, clock.GetTimestamp());
        try
        {
            return await lines.ReadAsync(enough.Token);
        }
        finally
        {
            Volatile.Write(ref readingSince, long.MaxValue);
        }
    }

    /// <summary>Waits until the answers are on their way.</summary>
    public async ValueTask FlushAsync(PipeWriter answers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(answers);
        Volatile.Write(ref writingSince, clock.GetTimestamp());
        try
        {
            await answers.FlushAsync(cancellation);
        }
        finally
        {
            Volatile.Write(ref writingSince, long.MaxValue);
        }
    }

    /// <summary>Watches.</summary>
    /// <param name="broken">Cancelled when nobody takes the answers.</param>
    /// <param name="over">Ends the watch.</param>
    public async Task RunAsync(CancellationTokenSource broken, CancellationToken over)
    {
        ArgumentNullException.ThrowIfNull(broken);
        using var timer = new PeriodicTimer(LookEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                if (IsLong(ref writingSince)) await broken.CancelAsync();
                else if (Why is null && (IsLong(ref readingSince) ? Silent : await sender.FindAsync(over) is null ? Gone : null) is { } why)
                {
                    Why = why;
                    await enough.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The stream has ended.
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => enough.Dispose();

    private bool IsLong(ref long since) => Volatile.Read(ref since) is < long.MaxValue and var begun && clock.GetElapsedTime(begun) >= SilenceMax;
}
