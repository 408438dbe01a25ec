using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace MoMo.Silo.Hosting;

/// <summary>What a silo is told at its start. Configuration section <c>MoMo</c>; each also as environment variable (<c>MoMo__Data</c>) and flag.</summary>
public sealed class HubOptions : IValidatableObject
{
    /// <summary>Folder for what the silo keeps itself: its private database, keys, logs. <c>momo-data</c> by default. Flag <c>--data</c>.</summary>
    [Required]
    public string Data { get; set; } = "momo-data";

    /// <summary>Makes sample PSPs, adapters, accounts and a PSP that keeps paying. Flag <c>--demo</c>.</summary>
    public bool Demo { get; set; }

    /// <summary>Connections to the database at most. From 8 to 500; 40 by default.</summary>
    [Range(8, 500)]
    public int ConnectionsMax { get; set; } = 40;

    /// <summary>Proxies whose <c>X-Forwarded-For</c> is believed, as addresses or networks; none by default.</summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>Keys that seal secrets, <c>id:base64</c>, the first one seals; by default one in the data folder.</summary>
    public IList<string> SecretKeys { get; } = [];

    /// <summary>
    /// For one start after the keys of before were lost for good: secrets that don't open are given up, so that the hub starts, and people set them anew.
    /// Not by default.
    /// </summary>
    public bool SecretsLost { get; set; }

    /// <summary>A proxy as a network; null when the text is none.</summary>
    public static IPNetwork? ProxyOf(string text)
    {
        if (IPAddress.TryParse(text, out var address)) return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);
        return IPNetwork.TryParse(text, out var network) ? network : null;
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => KnownProxies.Where(proxy => ProxyOf(proxy) is null).Select(proxy =>
        new ValidationResult(
            $"'{proxy}' is neither an address nor a network: write 10.0.0.7, or 10.0.0.0/8 with nothing behind the length that it gives.", [nameof(KnownProxies)]));
}
