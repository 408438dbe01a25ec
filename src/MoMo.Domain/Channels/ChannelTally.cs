using MoMo.Domain.Files;

namespace MoMo.Domain.Channels;

/// <summary>What came through a channel.</summary>
/// <param name="Taken">Files.</param>
/// <param name="SetAside">Items that could not be used.</param>
/// <param name="AsideDetail">Which was set aside last, and why.</param>
/// <param name="PaymentsNew">Payments that nobody had told of before: callbacks had lost them, or were late.</param>
/// <param name="PaymentsKnown">Payments that were known already.</param>
/// <param name="Conflicts">Payments that were known with other content.</param>
/// <param name="Faults">Entries that could not be read.</param>
public sealed record ChannelTally(
    long Taken = 0, long SetAside = 0, string? AsideDetail = null, long PaymentsNew = 0, long PaymentsKnown = 0, long Conflicts = 0, long Faults = 0)
{
    /// <summary>With one more file.</summary>
    public ChannelTally With(FileCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return this with
        {
            Taken = Taken + 1,
            PaymentsNew = PaymentsNew + counts.Accepted + counts.Suspense,
            PaymentsKnown = PaymentsKnown + counts.Replayed,
            Conflicts = Conflicts + counts.Conflicts,
            Faults = Faults + counts.Faults,
        };
    }
}
