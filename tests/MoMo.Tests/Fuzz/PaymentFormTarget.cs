using MoMo.Silo.Api;

namespace MoMo.Tests.Fuzz;

/// <summary>One payment as form data.</summary>
internal sealed class PaymentFormTarget : IFuzzTarget
{
    public string Name => "payment form";

    public IReadOnlyList<byte[]> Samples { get; } =
    [
        "psp=psp&psp_reference=R1&account_id=acme&reference_id=4711&amount=1250.50&currency=KES"u8.ToArray(),
        """psp=psp&psp_reference=R+2%2F%C3%A9&reference_id=4711&amount=1&currency=UGX&paid_at=2026-03-01T09%3A30%3A00%2B03%3A00&payer.name=J%C3%BCrgen&payer.phone=254%2A&payer.account=x&metadata=%7B%22a%22%3A%5B1%2C%22%5Cu00e9%22%5D%7D"""u8.ToArray(),
    ];

    public FuzzOutcome Run(byte[] input)
    {
        var read = PaymentForm.Read(input);
        return read.Accepted is { } notice ? Kept.Payment("accepted", notice) : Kept.Refused(read.Refused!);
    }
}
