using System.Text;
using Microsoft.AspNetCore.Http;
using MoMo.Domain.Deliveries;
using MoMo.Silo.Demo;

namespace MoMo.Tests.Fuzz;

/// <summary>A signed webhook as a receiver checks it: three lines of headers, then the body. What is believed has been signed.</summary>
internal sealed class WebhookTarget : IFuzzTarget
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    public string Name => "webhook signature";

    public IReadOnlyList<byte[]> Samples { get; } = [Message("msg-1", """{"type":"payment.accepted.v1"}"""), Message("msg-2", "")];

    public FuzzOutcome Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input).Split('\n', 4);
        if (text.Length < 4) return new FuzzOutcome("short");
        var headers = new HeaderDictionary { ["webhook-id"] = text[0], ["webhook-timestamp"] = text[1], ["webhook-signature"] = text[2] };
        var body = Encoding.UTF8.GetBytes(text[3]);
        if (SignatureCheck.Fault(headers, body, [Secret], Now) is { } fault) return new FuzzOutcome(fault);
        Kept.Demand(WebhookSignature.Sign(text[0], long.Parse(text[1], System.Globalization.CultureInfo.InvariantCulture), body, [Secret]) is var right
            && text[2].Split(' ').Any(one => Same(one, right)), "a message that nobody signed");
        return new FuzzOutcome("believed");
    }

    /// <summary>Base64 has several ways to write the same bytes.</summary>
    private static bool Same(string one, string other)
    {
        var bytes = new byte[64];
        return one.StartsWith("v1,", StringComparison.Ordinal) && Convert.TryFromBase64String(one[3..], bytes, out var length)
            && bytes.AsSpan(0, length).SequenceEqual(Convert.FromBase64String(other[3..]));
    }

    private static byte[] Message(string id, string body)
    {
        var time = Now.ToUnixTimeSeconds();
        return Encoding.UTF8.GetBytes($"{id}\n{time}\n{WebhookSignature.Sign(id, time, Encoding.UTF8.GetBytes(body), [Secret])}\n{body}");
    }
}
