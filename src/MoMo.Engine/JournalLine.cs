using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace MoMo.Engine;

/// <summary>One line of a <see cref="Journal{TCommand}"/>: its turns fence actors one after another.</summary>
internal sealed class JournalLine<TCommand> : IAsyncDisposable where TCommand : Command
{
    /// <summary>Parts of a batch that may wait in vain: enough to find one actor of the largest batch by halves. Then what is left fails at once.</summary>
    private const int WaitsMax = 16;

    private readonly ITurn<TCommand> turn;
    private readonly LineCrossing<TCommand> crossing;
    private readonly JournalOptions options;
    private readonly TimeProvider clock;
    private readonly Channel<TCommand> queue;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task[] writers;
    private readonly SemaphoreSlim taking = new(1);
    private long waitingBytes;
    private int inFlight;

    /// <summary>Starts its writers; they rest until a command comes.</summary>
    public JournalLine(ITurn<TCommand> turn, LineCrossing<TCommand> crossing, JournalOptions options, TimeProvider clock)
    {
        (this.turn, this.crossing, this.options, this.clock) = (turn, crossing, options, clock);
        queue = Channel.CreateBounded<TCommand>(new BoundedChannelOptions(options.QueueMax) { FullMode = BoundedChannelFullMode.Wait });
        writers = [.. Enumerable.Range(0, options.WritersMax).Select(_ => Work.Start(WriteAsync))];
    }

    private long QueueBytesMax => options.QueueBytesMax / options.Lines;

    /// <summary>Commands waiting for a turn.</summary>
    public int Waiting => queue.Reader.Count;

    /// <summary>Turns committed so far.</summary>
    public long Turns => Interlocked.Read(ref turns);

    /// <summary>Commands committed so far.</summary>
    public long Commands => Interlocked.Read(ref commands);

    /// <summary>The place of its last turn.</summary>
    public TurnPlace Last { get; private set; } = TurnPlace.First();

    /// <summary>Whether a turn of it is in flight.</summary>
    public bool IsInFlight => Volatile.Read(ref inFlight) > 0;

    private long turns;
    private long commands;

    /// <summary>Puts a command in the queue. Its answer comes after the commit.</summary>
    /// <exception cref="HubBusyException">The queue is full or the journal is stopping; nothing was recorded.</exception>
    public void Submit(TCommand command)
    {
        if (Interlocked.Add(ref waitingBytes, command.Weight) > QueueBytesMax || !queue.Writer.TryWrite(command))
        {
            Interlocked.Add(ref waitingBytes, -command.Weight);
            throw new HubBusyException("More is waiting to be recorded than the hub may hold.", options.RetryAfter);
        }
    }

    /// <summary>Puts a command in the queue, waiting for a place: for streams, whose sender can be slowed down.</summary>
    public async ValueTask SubmitWhenFreeAsync(TCommand command, CancellationToken cancellation)
    {
        while (true)
        {
            if (Interlocked.Read(ref waitingBytes) <= QueueBytesMax && queue.Writer.TryWrite(command))
            {
                Interlocked.Add(ref waitingBytes, command.Weight);
                return;
            }

            if (!await queue.Writer.WaitToWriteAsync(cancellation))
                throw new HubBusyException("The hub is stopping.", options.RetryAfter);
            if (Interlocked.Read(ref waitingBytes) > QueueBytesMax)
                await Task.Delay(TimeSpan.FromMilliseconds(5), clock, cancellation);
        }
    }

    /// <summary>Ends when a command waits.</summary>
    /// <returns>Whether one does or may; no, when the line is closed and empty.</returns>
    public ValueTask<bool> HasCommandsAsync() => queue.Reader.WaitToReadAsync();

    /// <summary>A turn at this place begins and takes what waits.</summary>
    public void Enter(TurnPlace place, List<TCommand> batch)
    {
        long bytes = 0;
        while (batch.Count < options.BatchMax && queue.Reader.TryRead(out var command))
        {
            batch.Add(command);
            bytes += command.Weight;
        }

        Interlocked.Add(ref waitingBytes, -bytes);
        Interlocked.Increment(ref inFlight);
        Last = place;
    }

    /// <summary>A turn that entered has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref inFlight);

    /// <summary>Takes no more.</summary>
    public void Close() => queue.Writer.TryComplete();

    /// <summary>Takes no more, finishes what waits, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        await Task.WhenAll(writers);
        stopping.Dispose();
        taking.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<TCommand>(Math.Min(options.BatchMax, 1_024));
        while (await TakeBatchAsync(batch) is { } taken)
        {
            try
            {
                await RunAsync(batch, taken);
            }
            finally
            {
                taken.End();
            }
        }
    }

    /// <summary>Takes what waits, one writer at a time, so that turns keep the order of the queue.</summary>
    private async Task<TakenTurn<TCommand>?> TakeBatchAsync(List<TCommand> batch)
    {
        batch.Clear();
        await taking.WaitAsync();
        try
        {
            return await crossing.TakeAsync(this, batch);
        }
        finally
        {
            taking.Release();
        }
    }

    /// <param name="batch">What to run; answered or failed when this returns.</param>
    /// <param name="taken">The turn.</param>
    /// <param name="waits">How often parts of a batch that was held up may still wait in vain; null for a whole one, which waits as often as it may.</param>
    private async Task RunAsync(List<TCommand> batch, TakenTurn<TCommand> taken, StrongBox<int>? waits = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (waits is { Value: 0 }) throw new TimeoutException("Somebody holds what these commands need.");
                await turn.RunAsync(batch, taken.Place, stopping.Token);
                // The next turn begins first: while the database works for it, these answers go out and bring what comes after it.
                if (batch.Count == taken.Size) taken.End(); // of a turn in parts only the last one ends it, below
                Interlocked.Increment(ref turns);
                Interlocked.Add(ref commands, batch.Count);
                foreach (var command in batch) Answer(command);
                return;
            }
            catch (TurnLostException lost) when (attempt < options.RetriesMax && !(lost.Waited && (waits is not null || HasSeveralActors(batch))))
            {
                // Nothing was written; the same turn again.
            }
            catch (TurnLostException lost) when (lost.Waited && Halve(batch) is { } halves)
            {
                // Nothing was written. Somebody outside holds one actor for long: find it by halves, so that the others neither fail nor wait with it.
                waits ??= new StrongBox<int>(WaitsMax);
                waits.Value--;
                await RunAsync(halves.First, taken, waits);
                await RunAsync(halves.Second, taken, waits);
                return;
            }
            catch (TurnPoisonedException) when (batch.Count > 1)
            {
                // One command's data is refused by the store: find it by halves, so that the others don't fail with it.
                await RunAsync([.. batch.Take(batch.Count / 2)], taken, waits);
                await RunAsync([.. batch.Skip(batch.Count / 2)], taken, waits);
                return;
            }
            catch (TurnPoisonedException fault)
            {
                batch[0].Fail(fault);
                return;
            }
            catch (Exception fault)
            {
                var busy = new HubBusyException("The database did not confirm the record in time.", options.RetryAfter, fault);
                foreach (var command in batch) command.Fail(busy);
                await Task.Delay(options.RetryAfter / 10, clock, CancellationToken.None);
                return;
            }
        }
    }

    /// <summary>Whoever can't be answered must not keep the others from their answers: all of them are recorded.</summary>
    private static void Answer(TCommand command)
    {
        try
        {
            command.Answer();
        }
        catch (Exception fault)
        {
            command.Fail(fault);
        }
    }

    private static bool HasSeveralActors(List<TCommand> batch) =>
        batch.Exists(command => command.Actor is null || command.Actor != batch[0].Actor) && batch.Count > 1;

    /// <summary>Half of the actors each, what one is asked together and in order; null when there is but one.</summary>
    private static (List<TCommand> First, List<TCommand> Second)? Halve(List<TCommand> batch)
    {
        // What is asked of nobody has no order to keep: each stands for itself.
        var actors = batch.GroupBy(command => (object?)command.Actor ?? command).ToArray();
        if (actors.Length < 2) return null;
        return ([.. actors.Take(actors.Length / 2).SelectMany(asked => asked)], [.. actors.Skip(actors.Length / 2).SelectMany(asked => asked)]);
    }
}
