namespace MoMo.Engine;

/// <summary>
/// Group commit: gathers the commands of all actors into turns, keeps a few turns in flight, and answers each command after its turn's commit.
/// Actors are spread over a few lines whose turns know nothing of each other, so that one line's commit does not keep the others waiting; while few
/// commands wait, one turn takes them from all lines. What an actor is asked goes to the same line always, and in order.
/// </summary>
/// <typeparam name="TCommand">What the actors are asked.</typeparam>
public sealed class Journal<TCommand> : IAsyncDisposable where TCommand : Command
{
    private readonly LineCrossing<TCommand> crossing;
    private readonly JournalLine<TCommand>[] lines;

    /// <summary>Starts its writers; they rest until a command comes.</summary>
    public Journal(ITurn<TCommand> turn, JournalOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        crossing = new LineCrossing<TCommand>(options, clock);
        lines = [.. Enumerable.Range(0, options.Lines).Select(_ => new JournalLine<TCommand>(turn, crossing, options, clock))];
        crossing.Open(lines);
    }

    /// <summary>Commands waiting for a turn.</summary>
    public int Waiting => lines.Sum(line => line.Waiting);

    /// <summary>Turns committed so far.</summary>
    public long Turns => lines.Sum(line => line.Turns);

    /// <summary>Commands committed so far.</summary>
    public long Commands => lines.Sum(line => line.Commands);

    /// <summary>Puts a command in the queue. Its answer comes after the commit.</summary>
    /// <exception cref="HubBusyException">The queue is full or the journal is stopping; nothing was recorded.</exception>
    public void Submit(TCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        LineOf(command).Submit(command);
    }

    /// <summary>Puts a command in the queue, waiting for a place: for streams, whose sender can be slowed down.</summary>
    public ValueTask SubmitWhenFreeAsync(TCommand command, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return LineOf(command).SubmitWhenFreeAsync(command, cancellation);
    }

    /// <summary>Takes no more, finishes what waits, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var line in lines) line.Close();
        foreach (var line in lines) await line.DisposeAsync();
        crossing.Dispose();
    }

    private JournalLine<TCommand> LineOf(TCommand command)
    {
        if (lines.Length == 1 || command.Actor is not { } actor) return lines[0];
        // Not the runtime's own hash, which differs from one process to the next: a simulation replays exactly.
        var hash = 2_166_136_261;
        foreach (var letter in actor) hash = unchecked((hash ^ letter) * 16_777_619);
        // The last letters hardly move the middle of it, and names often differ in nothing else: a0, a1, a2…
        hash = unchecked((hash ^ (hash >> 16)) * 0x85EB_CA6B);
        hash = unchecked((hash ^ (hash >> 13)) * 0xC2B2_AE35);
        return lines[(hash ^ (hash >> 16)) % (uint)lines.Length];
    }
}
