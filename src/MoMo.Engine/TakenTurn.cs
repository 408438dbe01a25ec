namespace MoMo.Engine;

/// <summary>A turn that has its commands: its place in the order of the lines that it belongs to, of which each waits for its end.</summary>
internal sealed record TakenTurn<TCommand>(TurnPlace Place, IReadOnlyList<JournalLine<TCommand>> Lines, int Size) where TCommand : Command
{
    private bool hasEnded;

    /// <summary>It has ended, one way or another; said again, nothing happens.</summary>
    public void End()
    {
        if (hasEnded) return;
        hasEnded = true;
        foreach (var line in Lines) line.Leave();
        Place.Ended();
    }
}
