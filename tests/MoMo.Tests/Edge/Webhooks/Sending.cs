using MoMo.Domain.Deliveries;
using MoMo.Edge.Webhooks;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>What the tests of sending have in common.</summary>
internal static class Sending
{
    public static readonly DateTimeOffset Now = new(2026, 11, 3, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid DeliveryId = Guid.Parse("0198c0de-0000-7000-8000-00000000abcd");
    public static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(n => (byte)n)];
    public static readonly byte[] Body = """{"type":"payment.received","data":{"amount":"1250.50"}}"""u8.ToArray();

    /// <summary>Patient in all but the one thing a test shortens, so that a busy machine does not fail it.</summary>
    public static WebhookOptions Options(params string[] allowedNetworks)
    {
        var options = new WebhookOptions { Timeout = TimeSpan.FromSeconds(30), ConnectTimeout = TimeSpan.FromSeconds(20) };
        foreach (var network in allowedNetworks) options.AllowedNetworks.Add(network);
        return options;
    }

    public static WebhookOptions Loopback() => Options("127.0.0.0/8", "::1/128");

    public static DeliveryMessage Message(Uri url) => new(DeliveryId, url, [Key], Body);

    public static WebhookKind Kind(WebhookOptions options) => new(options, new HeldClock(Now));

    public static async Task<AttemptResult> SendAsync(Uri url, WebhookOptions? options = null)
    {
        using var webhook = Kind(options ?? Loopback());
        return await webhook.SendAsync(Message(url), CancellationToken.None);
    }
}
