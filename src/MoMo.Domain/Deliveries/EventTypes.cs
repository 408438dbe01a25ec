namespace MoMo.Domain.Deliveries;

/// <summary>What destinations can be told of. The names are in accounts' programs: they never change their meaning.</summary>
public static class EventTypes
{
    /// <summary>A payment was accepted for the account.</summary>
    public const string Accepted = "payment.accepted";

    /// <summary>An operator gave the account a payment that had been in suspense.</summary>
    public const string Assigned = "payment.assigned";

    /// <summary>The PSP took a payment back, or a part of it.</summary>
    public const string Reversed = "payment.reversed";

    /// <summary>An adapter came into another state: up, degraded, silent or down. Only destinations that ask for it are told.</summary>
    public const string AdapterState = "adapter.state";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Accepted, Assigned, Reversed, AdapterState];
}
