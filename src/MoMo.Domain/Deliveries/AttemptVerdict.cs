namespace MoMo.Domain.Deliveries;

/// <summary>What to do after an attempt.</summary>
public enum AttemptVerdict
{
    /// <summary>It arrived (2xx).</summary>
    Delivered,

    /// <summary>Try again on the schedule.</summary>
    Retry,

    /// <summary>The receiver wants no more (410): pause the destination, keep what is due.</summary>
    Gone,
}
