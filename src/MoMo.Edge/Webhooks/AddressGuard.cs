using System.Net;
using System.Net.Sockets;

namespace MoMo.Edge.Webhooks;

/// <summary>
/// Decides which addresses the hub may connect to on behalf of somebody who merely set a URL. Only the public internet is, so that a URL
/// cannot be used to reach the hub's own machine, its neighbours or a cloud's metadata server.
/// </summary>
/// <remarks>
/// The tables follow the IANA special-purpose registries for IPv4 and IPv6. IPv6 is judged the other way round: only 2000::/3 is public,
/// and an IPv4 address inside an IPv6 address is judged as what it is.
/// </remarks>
public sealed class AddressGuard
{
    private const string Private = "a private network";
    private const string Documentation = "a network for documentation";
    private const string LinkLocal = "a link-local or metadata network";
    private const string Reserved = "a reserved network";

    private static readonly (IPNetwork Network, string Objection)[] Refused =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "the unspecified network"),
        (IPNetwork.Parse("10.0.0.0/8"), Private),
        (IPNetwork.Parse("100.64.0.0/10"), "a carrier's shared network"),
        (IPNetwork.Parse("127.0.0.0/8"), "the loopback network"),
        (IPNetwork.Parse("168.63.129.16/32"), LinkLocal), // Azure's host answers here, from inside every virtual machine.
        (IPNetwork.Parse("169.254.0.0/16"), LinkLocal),
        (IPNetwork.Parse("172.16.0.0/12"), Private),
        (IPNetwork.Parse("192.0.0.0/24"), Reserved),
        (IPNetwork.Parse("192.0.2.0/24"), Documentation),
        (IPNetwork.Parse("192.88.99.0/24"), "a retired 6to4 relay"),
        (IPNetwork.Parse("192.168.0.0/16"), Private),
        (IPNetwork.Parse("198.18.0.0/15"), "a network for benchmarks"),
        (IPNetwork.Parse("198.51.100.0/24"), Documentation),
        (IPNetwork.Parse("203.0.113.0/24"), Documentation),
        (IPNetwork.Parse("224.0.0.0/4"), "a multicast network"),
        (IPNetwork.Parse("240.0.0.0/4"), Reserved), // 255.255.255.255, broadcast, is the last of them.
        (IPNetwork.Parse("::1/128"), "the loopback address"),
        (IPNetwork.Parse("::/96"), "a retired IPv4-compatible address"),
        (IPNetwork.Parse("64:ff9b:1::/48"), "a private NAT64 network"), // Where its IPv4 address sits is a local choice (RFC 8215).
        (IPNetwork.Parse("100::/64"), "the discard network"),
        (IPNetwork.Parse("2001::/32"), "a Teredo tunnel"),
        (IPNetwork.Parse("2001::/23"), Reserved),
        (IPNetwork.Parse("2001:db8::/32"), Documentation),
        (IPNetwork.Parse("3ffe::/16"), Reserved),
        (IPNetwork.Parse("3fff::/20"), Documentation),
        (IPNetwork.Parse("fc00::/7"), Private),
        (IPNetwork.Parse("fe80::/10"), LinkLocal),
        (IPNetwork.Parse("fec0::/10"), Private),
        (IPNetwork.Parse("ff00::/8"), "a multicast network"),
    ];

    private static readonly IPNetwork Public = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    private readonly IPNetwork[] allowed;

    /// <summary>A guard that makes exceptions.</summary>
    /// <param name="allowedNetworks">Networks in CIDR form that may be connected to whatever the tables say.</param>
    /// <exception cref="FormatException">One of them is not a network.</exception>
    public AddressGuard(IEnumerable<string> allowedNetworks)
    {
        ArgumentNullException.ThrowIfNull(allowedNetworks);
        allowed = [.. allowedNetworks.Select(IPNetwork.Parse)];
    }

    /// <summary>Whether an address may be connected to.</summary>
    /// <returns>Null when it may; otherwise what the address is, such as <c>the loopback network</c>, without the address itself.</returns>
    public string? Objection(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        // Also because IPNetwork compares a mapped address with the first four bytes of an IPv6 network (.NET 10).
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in allowed)
            if (network.Contains(plain)) return null;

        return Judge(plain);
    }

    private static string? Judge(IPAddress address)
    {
        foreach (var (network, objection) in Refused)
            if (network.Contains(address)) return objection;

        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => null,
            AddressFamily.InterNetworkV6 => JudgeV6(address),
            _ => "an address that is neither IPv4 nor IPv6",
        };
    }

    private static string? JudgeV6(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (Nat64.Contains(address)) return Judge(new IPAddress(bytes[12..]));
        if (SixToFour.Contains(address)) return Judge(new IPAddress(bytes[2..6]));
        if (!Public.Contains(address)) return Reserved;

        // ISATAP (RFC 5214): an interface id of 0:5efe or 200:5efe carries an IPv4 address, whatever the network before it.
        return (bytes[8] & 0xFD) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE ? Judge(new IPAddress(bytes[12..])) : null;
    }
}
