namespace MoMo.Domain.Deliveries;

/// <summary>The words for orders, causes and reasons, as they are stored and shown.</summary>
public static class DeliveryWords
{
    /// <summary><c>reference</c>, <c>account</c> or <c>none</c>.</summary>
    public static string Of(DeliveryOrder order) => order switch
    {
        DeliveryOrder.Account => "account",
        DeliveryOrder.None => "none",
        _ => "reference",
    };

    /// <summary>The order of a word; null when there is none of it.</summary>
    public static DeliveryOrder? Order(string? word) => word switch
    {
        "account" => DeliveryOrder.Account,
        "reference" => DeliveryOrder.Reference,
        "none" => DeliveryOrder.None,
        _ => null,
    };

    /// <summary><c>account_rejected</c>, <c>account_unreachable</c>, <c>bad_destination</c> or <c>hub_fault</c>.</summary>
    public static string Of(DeliveryCause cause) => cause switch
    {
        DeliveryCause.AccountRejected => "account_rejected",
        DeliveryCause.AccountUnreachable => "account_unreachable",
        DeliveryCause.BadDestination => "bad_destination",
        _ => "hub_fault",
    };

    /// <summary>All causes, as words.</summary>
    public static IReadOnlyList<string> Causes { get; } = [.. Enum.GetValues<DeliveryCause>().Select(Of)];

    /// <summary><c>failing</c> or <c>gone</c>.</summary>
    public static string Of(PauseReason reason) => reason switch
    {
        PauseReason.Gone => "gone",
        _ => "failing",
    };

    /// <summary>All reasons why the hub pauses a destination, as words.</summary>
    public static IReadOnlyList<string> PauseReasons { get; } = [.. Enum.GetValues<PauseReason>().Select(Of)];
}
