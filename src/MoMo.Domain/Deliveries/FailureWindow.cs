namespace MoMo.Domain.Deliveries;

/// <summary>Attempts of the last half minute, and how many failed, to the nearest five seconds.</summary>
internal sealed class FailureWindow
{
    private const int Slots = 6;
    private const long SlotTicks = 5 * TimeSpan.TicksPerSecond;

    private readonly (long Slot, int All, int Failed)[] slots = new (long, int, int)[Slots];

    public void Add(bool failed, DateTimeOffset now)
    {
        var slot = now.UtcTicks / SlotTicks;
        ref var place = ref slots[slot % Slots];
        if (place.Slot != slot) place = (slot, 0, 0);
        place.All++;
        if (failed) place.Failed++;
    }

    public bool IsBad(int attemptsMin, int percent, DateTimeOffset now)
    {
        var oldest = (now.UtcTicks / SlotTicks) - Slots;
        var (all, failed) = (0, 0);
        foreach (var one in slots)
        {
            if (one.Slot <= oldest) continue;
            all += one.All;
            failed += one.Failed;
        }

        return all >= attemptsMin && failed * 100L >= all * (long)percent;
    }

    public void Clear() => Array.Clear(slots);
}
