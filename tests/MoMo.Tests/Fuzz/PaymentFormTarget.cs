using System.Text;
using Microsoft.Net.Http.Headers;
using MoMo.Domain.Payments;
using MoMo.Silo.Api;

namespace MoMo.Tests.Fuzz;

/// <summary>One payment as form data, on one line or in parts.</summary>
internal sealed class PaymentFormTarget(bool isInParts) : IFuzzTarget
{
    public string Name => isInParts ? "payment form in parts" : "payment form";

    public IReadOnlyList<byte[]> Samples { get; } = isInParts ?
    [
        Encoding.UTF8.GetBytes(
            "--x\r\nContent-Disposition: form-data; name=\"psp\"\r\n\r\npsp\r\n--x\r\nContent-Disposition: form-data; name=psp_reference\r\n\r\nJ\u00fc 1\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"metadata\"; filename=\"m.json\"\r\nContent-Type: application/json\r\n\r\n{\"a\":[1]}\r\n"
            + "--x\r\nContent-Disposition: form-data; name=account_id\r\n\r\nacme\r\n--x\r\nContent-Disposition: form-data; name=amount\r\n\r\n1.50\r\n"
            + "--x\r\nContent-Disposition: form-data; name=currency\r\n\r\nKES\r\n--x--\r\n"),
    ] :
    [
        "psp=psp&psp_reference=R1&account_id=acme&reference_id=4711&amount=1250.50&currency=KES"u8.ToArray(),
        """psp=psp&psp_reference=R+2%2F%C3%A9&reference_id=4711&amount=1&currency=UGX&paid_at=2026-03-01T09%3A30%3A00%2B03%3A00&payer.name=J%C3%BCrgen&payer.phone=254%2A&payer.account=x&metadata=%7B%22a%22%3A%5B1%2C%22%5Cu00e9%22%5D%7D"""u8.ToArray(),
    ];

    public FuzzOutcome Run(byte[] input)
    {
        var type = MediaTypeHeaderValue.Parse(isInParts ? $"{PaymentForm.Multipart}; boundary=x" : PaymentForm.UrlEncoded);
        var reading = PaymentForm.ReadAsync(input, type, new PaymentDraft()).AsTask();
        Kept.Demand(reading.IsCompleted, "a form that waits for something else");
        var read = reading.GetAwaiter().GetResult();
        return read.Accepted is { } notice ? Kept.Payment("accepted", notice) : Kept.Refused(read.Refused!);
    }
}
