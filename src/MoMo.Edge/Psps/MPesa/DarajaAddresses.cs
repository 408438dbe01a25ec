namespace MoMo.Edge.Psps.MPesa;

/// <summary>Where Safaricom's Daraja calls from.</summary>
public static class DarajaAddresses
{
    /// <summary>
    /// The addresses that Safaricom tells integrators to let in, as the open Daraja libraries quote them; there is no public page that
    /// Safaricom keeps current, so confirm them before going live. Daraja does not sign its calls: these, a secret path and TLS are all
    /// there is. Configuration may replace them.
    /// </summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "196.201.212.69", "196.201.212.74", "196.201.212.127", "196.201.212.128", "196.201.212.129", "196.201.212.132", "196.201.212.136",
            "196.201.212.138",
        "196.201.213.44", "196.201.213.114",
        "196.201.214.200", "196.201.214.206", "196.201.214.207", "196.201.214.208",
    ];
}
