namespace MoMo.Domain.Turns;

/// <summary>
/// Whether turns are worth deciding from memory. It was wrong when another silo decided for the same accounts, or a payment was sent twice: that cost a
/// round trip in vain, so the more often it is wrong the fewer turns try.
/// </summary>
internal sealed class MemoryTrust
{
    /// <summary>Turns that are decided the long way at most before one tries again.</summary>
    private const int PauseMax = 64;

    private int pause;
    private int left;

    /// <summary>Asked once for each turn that could be decided from memory.</summary>
    public bool IsWorthTrying()
    {
        if (left == 0) return true;
        left--;
        return false;
    }

    /// <summary>It was right.</summary>
    public void Right() => pause /= 2;

    /// <summary>It was wrong.</summary>
    public void Wrong() => left = pause = Math.Clamp(pause * 2, 1, PauseMax);
}
