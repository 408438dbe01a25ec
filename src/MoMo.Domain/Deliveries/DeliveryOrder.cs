namespace MoMo.Domain.Deliveries;

/// <summary>What a delivery that does not arrive holds back. A dead one holds back nothing any more.</summary>
public enum DeliveryOrder
{
    /// <summary>Later payments of the same account reference; payments without one wait for nobody. The default.</summary>
    Reference,

    /// <summary>Everything later of its lane.</summary>
    Account,

    /// <summary>Nothing.</summary>
    None,
}
