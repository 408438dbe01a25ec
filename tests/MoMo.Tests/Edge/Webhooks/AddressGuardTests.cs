using System.Net;
using MoMo.Edge.Webhooks;

namespace MoMo.Tests.Edge.Webhooks;

public sealed class AddressGuardTests
{
    private static readonly AddressGuard Strict = new([]);

    // First and last of every network, and what they hide in.
    public static TheoryData<string> Refused => new(Words("""
        0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.100.100.200 100.127.255.255 127.0.0.0 127.0.0.1 127.255.255.255
        168.63.129.16 169.254.0.0 169.254.169.254 169.254.170.2 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0
        192.0.0.192 192.0.0.255
        192.0.2.0 192.0.2.255 192.88.99.0 192.88.99.255 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255
        203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.254 255.255.255.255
        :: ::1 ::1%1 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0.0.0.0 ::ffff:0:127.0.0.1
        64:ff9b::127.0.0.1 64:ff9b::10.1.2.3 64:ff9b::169.254.169.254 64:ff9b:1::8.8.8.8 64:ff9b:1:7f00:1:: 64:ff9b:2::1 100:: 100::ffff
        2001:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:1::1 2001:10::1 2001:20::1 2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff
        2002:7f00:1:: 2002:a00:1::1 2002:a9fe:a9fe:: 2002:c0a8:101::1 3ffe::1 3fff::1 4000::1 5f00::1 8000::1 e000::1
        fc00:: fd00::1 fd00:ec2::254
        fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe00::1 fe80:: fe80::1 fe80::1%1 febf::1 fec0::1 feff::1 ff02::1 ffff::
        2a00:1450::5efe:127.0.0.1 2a00:1450::200:5efe:10.0.0.1
        """));

    public static TheoryData<string> Public => new(Words("""
        1.0.0.0 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 41.203.208.1 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.17
        169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0
        203.0.112.255 203.0.114.0 223.255.255.255 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
        2002:808:808:: 2001:200::1 2001:4860:4860::8888 2606:4700::1111
        2a00:1450::5efe:8.8.8.8 2c0f:fe38::1 2620:4f:8000::1
        """));

    [Theory, MemberData(nameof(Refused))]
    public void Addresses_that_are_not_public_are_refused_with_a_reason(string address)
    {
        var objection = Strict.Objection(IPAddress.Parse(address));
        Assert.NotNull(objection);
        Assert.DoesNotContain(address, objection, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Public))]
    public void Public_addresses_may_be_connected_to(string address) => Assert.Null(Strict.Objection(IPAddress.Parse(address)));

    [Fact]
    public void Allowed_networks_are_exceptions_and_nothing_around_them()
    {
        var guard = new AddressGuard(["10.20.0.0/16", "::1/128"]);
        Assert.Null(guard.Objection(IPAddress.Parse("10.20.255.255")));
        Assert.Null(guard.Objection(IPAddress.Parse("::ffff:10.20.0.1")));
        Assert.Null(guard.Objection(IPAddress.IPv6Loopback));
        Assert.NotNull(guard.Objection(IPAddress.Parse("10.21.0.0")));
        Assert.NotNull(guard.Objection(IPAddress.Loopback));
    }

    [Theory]
    [InlineData("64:ff9b::10.20.0.1")]
    [InlineData("2002:a14:1::1")]
    public void An_allowed_network_does_not_open_the_tunnels_that_lead_into_it(string address) =>
        Assert.NotNull(new AddressGuard(["10.20.0.0/16"]).Objection(IPAddress.Parse(address)));

    [Theory]
    [InlineData("2000::/3", "::ffff:10.0.0.1")]
    [InlineData("::/0", "::ffff:10.0.0.1")]
    [InlineData("0.0.0.0/0", "::1")]
    public void An_allowed_network_is_of_one_family(string network, string address) =>
        Assert.NotNull(new AddressGuard([network]).Objection(IPAddress.Parse(address)));

    [Fact]
    public void What_is_not_a_network_is_a_wrong_setting() => Assert.Throws<FormatException>(() => new AddressGuard(["10.20.0.0"]));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
