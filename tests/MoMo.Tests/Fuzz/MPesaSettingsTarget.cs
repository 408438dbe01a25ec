using System.Net;
using MoMo.Silo.Api;

namespace MoMo.Tests.Fuzz;

/// <summary>The settings of M-Pesa's adapter, and the list of addresses in them.</summary>
internal sealed class MPesaSettingsTarget : IFuzzTarget
{
    private static readonly IPAddress[] Callers = [IPAddress.Parse("196.201.214.200"), IPAddress.IPv6Loopback, IPAddress.Parse("::ffff:10.1.2.3"), IPAddress.Parse("fe80::1%3")];

    public string Name => "mpesa settings";

    public IReadOnlyList<byte[]> Samples { get; } =
    [
        """{"addresses":["196.201.214.200","10.0.0.0/8","fd00::/8","::1","::ffff:10.1.2.3"],"when_unsure":"refuse"}"""u8.ToArray(),
        """{"when_unsure":"accept"}"""u8.ToArray(),
        """{"addresses":[]}"""u8.ToArray(),
    ];

    public FuzzOutcome Run(byte[] input)
    {
        if (FuzzSamples.Json(input) is not { } settings) return new FuzzOutcome("no json");
        if (MPesaSettings.Check(settings) is { } refusal) return Kept.Refused(refusal);
        var list = MPesaSettings.Addresses(settings);
        return new FuzzOutcome($"accepted {MPesaSettings.RefusesWhenUnsure(settings)} {string.Join(' ', Callers.Select(list.Contains))}");
    }
}
