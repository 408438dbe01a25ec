using System.Net;
using MoMo.Edge.Psps.MPesa;

namespace MoMo.Tests.Fuzz;

/// <summary>The settings of M-Pesa's adapter, and the list of addresses in them.</summary>
internal sealed class MPesaSettingsTarget : IFuzzTarget
{
    private static readonly IPAddress[] Callers = [IPAddress.Parse("196.201.214.200"), IPAddress.IPv6Loopback, IPAddress.Parse("::ffff:10.1.2.3"), IPAddress.Parse("fe80::1%3")];

    private readonly MPesaFormat format = new();

    public string Name => "mpesa settings";

    public IReadOnlyList<byte[]> Samples { get; } =
    [
        """{"addresses":["196.201.214.200","10.0.0.0/8","fd00::/8","::1","::ffff:10.1.2.3"],"when_unsure":"refuse"}"""u8.ToArray(),
        """{"when_unsure":"accept","stk":"notice"}"""u8.ToArray(),
        """{"addresses":[]}"""u8.ToArray(),
    ];

    public FuzzOutcome Run(byte[] input)
    {
        if (FuzzSamples.Json(input) is not { } settings) return new FuzzOutcome("no json");
        return format.CheckSettings(settings) is { } refusal
            ? Kept.Refused(refusal)
            : new FuzzOutcome($"accepted {string.Join(' ', Callers.Select(caller => format.LetsIn(caller, settings)))}");
    }
}
