using System.Net;
using System.Text;
using MoMo.Bench.Rows;

namespace MoMo.Bench.Load;

/// <summary><c>POST /v1/payments</c> as bytes, with places for the digits.</summary>
internal sealed class PaymentRequest
{
    private readonly byte[] head;
    private readonly Template body;

    public PaymentRequest(IPEndPoint address, string key, int accounts)
    {
        body = new Template(Payments.Json, accounts);
        head = Encoding.ASCII.GetBytes(
            $"POST /v1/payments HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
    }

    public byte[] Copy()
    {
        var copy = new byte[head.Length + body.Length];
        head.CopyTo(copy, 0);
        body.CopyTo(copy.AsSpan(head.Length));
        return copy;
    }

    public void Fill(byte[] copy, long number) => body.Fill(copy.AsSpan(head.Length), number);
}
