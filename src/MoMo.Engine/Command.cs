namespace MoMo.Engine;

/// <summary>
/// Something an actor is asked to decide. It waits in the journal, is decided inside a turn, and is answered once the turn is committed.
/// </summary>
public abstract class Command
{
    /// <summary>Roughly how many bytes it holds in memory while it waits; the journal's bound counts them.</summary>
    public virtual int Weight => 512;

    /// <summary>Who is asked; commands to the same actor keep their order. Null when that does not matter.</summary>
    public virtual string? Actor => null;

    /// <summary>Called after the commit that made the decision durable: hand the answer to whoever waits.</summary>
    public abstract void Answer();

    /// <summary>Called when the turn failed: nothing is known to be recorded.</summary>
    public abstract void Fail(Exception fault);
}
