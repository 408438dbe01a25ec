using MoMo.Domain.Files;

namespace MoMo.Silo.Files;

/// <summary>What the first reading of a file found to be held, asked in the order of the second.</summary>
internal sealed class HeldPositions
{
    /// <summary>Ranges that are kept; a file with more is refused.</summary>
    public const int RangesMax = 100_000;

    private readonly List<HeldEntry> ranges = [];
    private int next;

    /// <summary>Adds a range; they come in the file's order.</summary>
    /// <returns>False when there are too many.</returns>
    public bool Add(HeldEntry range)
    {
        if (ranges.Count >= RangesMax) return false;
        ranges.Add(range);
        return true;
    }

    /// <summary>What holds a position; null when nothing does. Positions asked for never go back.</summary>
    public HeldEntry? Holds(int position)
    {
        while (next < ranges.Count && ranges[next].Position < position) next++;
        return next < ranges.Count && ranges[next].From <= position ? ranges[next] : null;
    }
}
