namespace MoMo.Engine;

/// <summary>
/// Where the lines of a <see cref="Journal{TCommand}"/> meet: decides when a line's next turn begins, and whether it takes what waits in the others
/// along. Ten callers whose commands went to two lines would pay for two turns, each with its round trips and its commit.
/// </summary>
internal sealed class LineCrossing<TCommand>(JournalOptions options, TimeProvider clock) : IDisposable where TCommand : Command
{
    private const int ArrivalRoundsMax = 32;

    /// <summary>How long few commands wait for another line's turn, to go with what comes until then: many turns long, so it passes when that one is stuck.</summary>
    private static readonly TimeSpan OthersMax = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim choosing = new(1);
    private JournalLine<TCommand>[] lines = [];

    /// <summary>Says what the lines are, once all are there.</summary>
    public void Open(JournalLine<TCommand>[] all) => lines = all;

    /// <summary>Takes what a line's next turn is to decide, as soon as there is something and its time has come.</summary>
    /// <param name="line">Whose commands are waited for. One at a time may ask for it.</param>
    /// <param name="batch">Gets the commands, each actor's in order.</param>
    /// <returns>The turn; null when the line is closed and empty.</returns>
    public async Task<TakenTurn<TCommand>?> TakeAsync(JournalLine<TCommand> line, List<TCommand> batch)
    {
        while (await line.HasCommandsAsync())
        {
            await WaitForTurnsAsync(line);
            await LetArriveAsync(line);
            await choosing.WaitAsync();
            try
            {
                if (line.Waiting == 0) continue; // another line's turn took them along
                if (!AreFew) return Begin(line.Last.Next(), [line], batch);
                var waiting = Array.FindAll(lines, one => one.Waiting > 0);
                return Array.TrueForAll(waiting, one => !one.IsInFlight)
                    ? Begin(TurnPlace.First().Next(), waiting, batch)
                    : Begin(line.Last.Next(), [line], batch);
            }
            finally
            {
                choosing.Release();
            }
        }

        return null;
    }

    public void Dispose() => choosing.Dispose();

    private bool AreFew => lines.Length > 1 && WaitingInAll <= options.TogetherMax;

    private int WaitingInAll
    {
        get
        {
            var sum = 0;
            foreach (var line in lines) sum += line.Waiting;
            return sum;
        }
    }

    private static TakenTurn<TCommand> Begin(TurnPlace place, JournalLine<TCommand>[] its, List<TCommand> batch)
    {
        foreach (var line in its) line.Enter(place, batch);
        return new TakenTurn<TCommand>(place, its, batch.Count);
    }

    /// <summary>While another turn is in flight, a few commands are worth waiting for more: fewer, fuller turns cost less.</summary>
    private async Task WaitForTurnsAsync(JournalLine<TCommand> line)
    {
        if (line.Waiting < options.PipelineMin && line.IsInFlight) await line.Last.HasEnded;
        foreach (var other in lines)
        {
            if (!AreFew) return;
            if (other != line && other.IsInFlight) await Work.EndsWithinAsync(other.Last.HasEnded, OthersMax, clock);
        }
    }

    /// <summary>
    /// Steps back behind work that is ready to run, as long as that brings more commands: those whose callers are being read right now share the turn
    /// instead of waiting for the next. Costs a microsecond when nobody comes.
    /// </summary>
    private async Task LetArriveAsync(JournalLine<TCommand> line)
    {
        var seen = 0;
        for (var round = 0; round < ArrivalRoundsMax && line.Waiting < options.PipelineMin; round++)
        {
            var now = AreFew ? WaitingInAll : line.Waiting;
            if (now <= seen) return;
            seen = now;
            await Task.Yield();
        }
    }
}
