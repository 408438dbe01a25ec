using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>
/// The corpus of hosts that lead inside by an odd spelling. Each is called, with the system's own resolver, while a listener on all of this
/// machine's addresses watches: by default it must see nobody, and where the table says so it must see somebody once the guard is open, or
/// the test would prove nothing.
/// </summary>
public sealed class OddNotationTests
{
    // guard: the guard itself refuses. unknown: no address comes of it here; elsewhere it may, and then the guard refuses.
    // (Digits in circles become plain ones only where the runtime has Unicode tables, and this project's settings leave them out.)
    // here: leads to this machine when nothing is refused.
    private const string Corpus = """
        127.0.0.1                       guard here
        127.1                           guard here
        127.0.1                         guard here
        127.65530                       guard here
        127.255.255.254                 guard here
        127.000.000.001                 guard here
        2130706433                      guard here
        0x7f000001                      guard here
        0X7F000001                      guard here
        0x7f.1                          guard here
        0x7f.0.1                        guard here
        0x7F.0x0.0x0.0x1                guard here
        0x00000000007f.0.0.1            guard here
        0177.0.0.1                      guard here
        00000177.0.0.01                 guard here
        017700000001                    guard here
        0177.0.0.0x1                    guard here
        127.0.0.0x1                     guard here
        127。0。0。1                      guard here
        127｡0｡0｡1                        guard here
        anybody@127.0.0.1               guard here
        8.8.8.8@127.0.0.1               guard here
        example.com:80@127.0.0.1        guard here
        0                               guard here
        0x0                             guard here
        00                              guard here
        0.0.0.0                         guard here
        localhost                       guard here
        LocalHost                       guard here
        [::1]                           guard here
        [0:0:0:0:0:0:0:1]               guard here
        [0000:0000:0000:0000:0000:0000:0000:0001] guard here
        [::0001]                        guard here
        [::0.0.0.1]                     guard here
        [::1%251]                       guard
        [::1%1]                         guard
        [::]                            guard here
        [::ffff:127.0.0.1]              guard here
        [::ffff:7f00:1]                 guard here
        [0:0:0:0:0:ffff:7f00:0001]      guard here
        [::FFFF:127.0.0.1]              guard here
        [::ffff:0.0.0.0]                guard here
        [::127.0.0.1]                   guard
        [::7f00:1]                      guard
        [::ffff:0:127.0.0.1]            guard
        [64:ff9b::127.0.0.1]            guard
        [64:ff9b::7f00:1]               guard
        [64:ff9b:1::7f00:1]             guard
        [2002:7f00:1::]                 guard
        [2001:0:53aa:64c::80ff:fffe]    guard
        [fe80::1]                       guard
        [fe80::1%25lo]                  guard
        [fe80::1%lo]                    guard
        [fec0::1]                       guard
        [fd00::1]                       guard
        [ff02::1]                       guard
        [100::1]                        guard
        [2001:db8::1]                   guard
        [fd00:ec2::254]                 guard
        [::ffff:169.254.169.254]        guard
        [::ffff:a9fe:a9fe]              guard
        [2002:a9fe:a9fe::]              guard
        [64:ff9b::169.254.169.254]      guard
        169.254.169.254                 guard
        169.254.43518                   guard
        2852039166                      guard
        0xa9fea9fe                      guard
        0xa9.0xfe.0xa9fe                guard
        0251.0376.0251.0376             guard
        10.1                            guard
        3232235777                      guard
        0xC0A80001                      guard
        192.168.257                     guard
        172.1048577                     guard
        100.64.0.1                      guard
        100.100.100.200                 guard
        198.18.0.1                      guard
        192.0.0.192                     guard
        224.0.0.1                       guard
        240.0.0.1                       guard
        4294967295                      guard
        255.255.255.255                 guard
        127.0.0.1.                      unknown
        127.1.                          unknown
        2130706433.                     unknown
        0x7f000001.                     unknown
        0x7f.0.0.1.                     unknown
        4294967296                      unknown
        127.0.0.256                     unknown
        256.0.0.1                       unknown
        1.2.3.4.5                       unknown
        0b1.0.0.1                       unknown
        localhost.                      unknown
        x.localhost                     unknown
        localhost.localdomain           unknown
        ⑯⑨。②⑤④。⑯⑨｡②⑤④ unknown
        ⓛⓞⓒⓐⓛⓗⓞⓢⓣ unknown
        ①②⑦.⓪.⓪.① unknown
        １２７.０.０.１ unknown
        """;

    // Containers often have none.
    private static readonly bool HasIPv6 = Socket.OSSupportsIPv6 && NetworkInterface.GetAllNetworkInterfaces()
        .Any(network => network.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.Equals(IPAddress.IPv6Loopback)));

    public static TheoryData<string, string> All => Rows(_ => true);

    public static TheoryData<string, string> Here => Rows(cells => cells.Length == 3 && (HasIPv6 || !cells[0].StartsWith('[')));

    [Theory, MemberData(nameof(All))]
    public async Task By_default_none_leads_inside(string host, string expected)
    {
        using var watch = Watch();
        var result = await Sending.SendAsync(Url(host, watch), Sending.Options());

        Assert.False(watch.Pending(), "Somebody connected.");
        Assert.Equal((AttemptVerdict.Retry, null), (result.Verdict, result.Status));
        if (expected == "guard") Assert.StartsWith("The hub may not connect to this host", result.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Here))]
    public async Task With_the_guard_open_those_marked_here_do_lead_inside(string host, string expected)
    {
        Assert.Equal("guard", expected);
        using var watch = Watch();
        using var webhook = Sending.Kind(Sending.Options("0.0.0.0/0", "::/0"));
        using var stop = new CancellationTokenSource();

        var sending = webhook.SendAsync(Sending.Message(Url(host, watch)), stop.Token);
        using (var connection = await watch.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(30))) Assert.True(connection.Connected);
        await stop.CancelAsync();
        await Record.ExceptionAsync(() => sending);
    }

    [Fact]
    public void The_corpus_has_at_least_60_cases() => Assert.InRange(All.Count, 60, 1_000);

    private static TheoryData<string, string> Rows(Func<string[], bool> wanted)
    {
        var rows = new TheoryData<string, string>();
        foreach (var cells in Corpus.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(wanted))
            rows.Add(cells[0], cells[1]);
        return rows;
    }

    private static Uri Url(string host, TcpListener watch) => new($"http://{host}:{((IPEndPoint)watch.LocalEndpoint).Port}/");

    private static TcpListener Watch()
    {
        var listener = new TcpListener(HasIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        if (HasIPv6) listener.Server.DualMode = true;
        listener.Start();
        return listener;
    }
}
