namespace MoMo.Simulator.Model;

/// <summary>Promises that the model can be told to break, to see whether the simulator notices.</summary>
internal sealed class StoreDefects
{
    public bool SequencesNotUnique { get; set; }

    public bool HeadsNotLocked { get; set; }

    public bool MemoryNotCompared { get; set; }

    public bool LeasesNotFenced { get; set; }

    public bool AttemptsNotFenced { get; set; }

    public bool LanesFallAsleep { get; set; }

    public bool OrderIgnored { get; set; }

    public bool ReplaysBeginAnew { get; set; }

    public bool ReplaysTooWide { get; set; }

    public bool ReplaysForgotten { get; set; }

    public bool ReplaysOvertake { get; set; }
}
