using System.Net;
using System.Net.Sockets;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps;

/// <summary>
/// The source addresses that a PSP calls from: single addresses and networks such as <c>196.201.214.0/24</c>, IPv4 and IPv6.
/// An IPv4 address that arrives mapped into IPv6 counts as the IPv4 address. An empty list lets nobody in.
/// </summary>
public sealed class AddressList
{
    /// <summary>Most entries of one list.</summary>
    public const int EntriesMax = 1_000;

    private const int FaultsMax = 50;
    private const int EntryShown = 60;

    private readonly IPNetwork[] networks;

    private AddressList(IPNetwork[] networks) => this.networks = networks;

    /// <summary>Reads addresses and networks.</summary>
    /// <returns>The list, or <c>addresses-invalid</c> with a fault <c>address-malformed</c> for each entry that is neither, or
    /// <c>addresses-too-many</c>.</returns>
    public static Outcome<AddressList> Parse(IReadOnlyList<string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count > EntriesMax) return new Refusal("addresses-too-many", $"An address list holds at most {EntriesMax} entries.");
        List<FieldFault> faults = [];
        List<IPNetwork> networks = [];
        for (var index = 0; index < entries.Count; index++)
        {
            if (Read(entries[index]) is { } network) networks.Add(network);
            else if (faults.Count < FaultsMax) faults.Add(new FieldFault($"{index}", "address-malformed",
                $"'{ForeignText.Clean(entries[index], EntryShown)}' is neither an address nor a network such as 196.201.214.0/24."));
        }

        if (faults.Count > 0) return new Refusal("addresses-invalid", "Correct the addresses that are listed.", faults);
        return new AddressList([.. networks]);
    }

    /// <summary>Whether calls from this address are let in.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = Plain(address);
        foreach (var network in networks)
            if (network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain)) return true;
        return false;
    }

    private static IPNetwork? Read(string? entry)
    {
        var text = entry.AsSpan().Trim();
        var slash = text.IndexOf('/');
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address)) return null;
        // "1.2" and "0x7f.1" are addresses to the parser, but hardly what someone meant.
        if (address.AddressFamily == AddressFamily.InterNetwork
            && !text[..(slash < 0 ? text.Length : slash)].SequenceEqual(address.ToString())) return null;
        if (address.IsIPv4MappedToIPv6 && slash >= 0) return null;
        address = Plain(address);
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], System.Globalization.NumberStyles.None, null, out prefix) || prefix > bits))
            return null;
        return Network(address, prefix);
    }

    /// <summary>Bits behind the prefix are dropped, as routers do.</summary>
    private static IPNetwork Network(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++) bytes[bit / 8] = (byte)(bytes[bit / 8] & ~(0x80 >> bit % 8));
        return new IPNetwork(new IPAddress(bytes), prefix);
    }

    // A scope (fe80::1%eth0) says where the address was seen, not which it is.
    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6
            ? address.MapToIPv4() : address.AddressFamily == AddressFamily.InterNetworkV6
                ? new IPAddress(address.GetAddressBytes()) : address;
}
