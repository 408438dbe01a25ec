namespace MoMo.Edge.Webhooks;

/// <summary>A host has an address that <see cref="AddressGuard"/> objects to. No connection was tried.</summary>
/// <param name="objection">What the address is. The address itself is not told: it may say something about the hub's own network.</param>
public sealed class AddressRefusedException(string objection) : IOException(
    $"The hub may not connect to this host: its address is in {objection}. "
    + "An operator can allow networks in MoMo:Webhooks:AllowedNetworks.");
