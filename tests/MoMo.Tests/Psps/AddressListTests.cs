using System.Net;
using MoMo.Edge.Psps;
using MoMo.Edge.Psps.MPesa;

namespace MoMo.Tests.Psps;

public sealed class AddressListTests
{
    [Theory]
    [InlineData("196.201.214.200", "196.201.214.200", true)]
    [InlineData("196.201.214.200", "196.201.214.201", false)]
    [InlineData("196.201.214.200", "::ffff:196.201.214.200", true)]
    [InlineData("::ffff:196.201.214.200", "196.201.214.200", true)]
    [InlineData("196.201.214.0/24", "196.201.214.255", true)]
    [InlineData("196.201.214.0/24", "::ffff:196.201.214.255", true)]
    [InlineData("196.201.214.7/24", "196.201.214.255", true)]
    [InlineData("196.201.214.0/24", "196.201.215.0", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("fe80::1", "fe80::1%3", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    public void Addresses_are_matched_as_addresses(string entry, string address, bool expected) =>
        Assert.Equal(expected, AddressList.Parse([entry]).Accepted!.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("1.2")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("::ffff:10.0.0.0/104")]
    [InlineData("2001:db8::/129")]
    public void What_is_no_address_is_named(string entry)
    {
        var refusal = AddressList.Parse(["10.0.0.1", entry]).Refused;
        Assert.Equal("1", Assert.Single(refusal!.Faults).Field);
    }

    [Fact]
    public void An_empty_list_lets_nobody_in() => Assert.False(AddressList.Parse([]).Accepted!.Contains(IPAddress.Loopback));

    [Fact]
    public void Darajas_addresses_are_a_list_without_repeats()
    {
        Assert.Equal(DarajaAddresses.Default.Count, DarajaAddresses.Default.Distinct().Count());
        Assert.True(AddressList.Parse(DarajaAddresses.Default).Accepted!.Contains(IPAddress.Parse("::ffff:196.201.213.44")));
    }
}
