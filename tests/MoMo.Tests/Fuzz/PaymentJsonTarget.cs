using MoMo.Domain.Payments;
using MoMo.Edge.Formats.Json;

namespace MoMo.Tests.Fuzz;

/// <summary>One payment in the standard form: the body of <c>POST /v1/payments</c>, or a line of a stream.</summary>
internal sealed class PaymentJsonTarget : IFuzzTarget
{
    private PaymentNotice? last;

    public string Name => "payment json";

    public IReadOnlyList<byte[]> Samples => FuzzSamples.Payments;

    public FuzzOutcome Run(byte[] input)
    {
        var read = PaymentReader.Read(input, null);
        if (read.Accepted is not { } notice) return Kept.Refused(read.Refused!);
        // A repeat is compared inside the turn, where nothing may throw.
        if (last is not null) notice.DifferencesFrom(last);
        last = notice;
        return Kept.Payment($"accepted {notice.PaidAt?.DayOnly} {notice.Payer is null} {notice.Metadata is null}", notice);
    }
}
