namespace MoMo.Domain.Files;

/// <summary>Why an entry is not a payment.</summary>
public enum NoticeKind
{
    /// <summary>Not final yet.</summary>
    Pending,

    /// <summary>For information only.</summary>
    Info,

    /// <summary>Our own money leaving.</summary>
    Outgoing,

    /// <summary>What the PSP charges.</summary>
    Fee,

    /// <summary>Our own outgoing money coming back.</summary>
    Return,

    /// <summary>A PSP says that it took a payment back, without saying which or how much; else it is a <see cref="ReversalEntry"/>.</summary>
    Reversal,

    /// <summary>Test-mode money.</summary>
    Test,

    /// <summary>An attempt that failed.</summary>
    Failed,
}
