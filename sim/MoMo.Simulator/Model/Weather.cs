namespace MoMo.Simulator.Model;

/// <summary>How the way to the store is at present.</summary>
internal sealed class Weather
{
    /// <summary>Nobody answers.</summary>
    public bool IsDown { get; set; }

    /// <summary>Of 1,000 calls, how many are cut before they arrive.</summary>
    public int CutBefore { get; set; }

    /// <summary>Of 1,000 calls, how many are cut after they took effect.</summary>
    public int CutAfter { get; set; }

    /// <summary>Of 1,000 calls, how many fail to serialise.</summary>
    public int Conflicts { get; set; }

    /// <summary>The longest way, one way.</summary>
    public TimeSpan LatencyMax { get; set; } = TimeSpan.FromMilliseconds(2);

    public void Clear() => (IsDown, CutBefore, CutAfter, Conflicts, LatencyMax) = (false, 0, 0, 0, TimeSpan.FromMilliseconds(2));
}
