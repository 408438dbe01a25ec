using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Simulator.Oracles;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>An account's server: behind one destination.</summary>
internal sealed class AccountServer(Loop loop, Judge judge, long lane, string account, Random chance)
{
    private readonly List<byte[]> secrets = [];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public long Lane => lane;

    public string Account => account;

    public ServerMode Mode { get; private set; } = ServerMode.Well;

    /// <summary>Since when it has been well without a break.</summary>
    public TimeSpan WellSince { get; private set; }

    public void Behave(ServerMode mode)
    {
        if (mode == ServerMode.Well && Mode != ServerMode.Well) WellSince = loop.Now;
        Mode = mode;
    }

    /// <summary>One attempt, on the clock of the silo that makes it.</summary>
    public async Task<AttemptResult> ReceiveAsync(
        DeliveryMessage message, (string Text, long Timestamp) signature, TimeProvider clock, CancellationToken cancellation)
    {
        judge.Attempted(message.DeliveryId);
        await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(1, 200)), clock, cancellation);
        var mode = Mode == ServerMode.Flapping ? (ServerMode)chance.Next((int)ServerMode.Flapping) : Mode;
        if (mode is ServerMode.Well or ServerMode.Slow or ServerMode.StoresThenFails or ServerMode.StoresThenHangs)
        {
            Verify(message, signature);
            Store(message);
        }

        switch (mode)
        {
            case ServerMode.Slow:
                await Task.Delay(TimeSpan.FromSeconds(14), clock, cancellation);
                return new AttemptResult(AttemptVerdict.Delivered, 200, null, null);
            case ServerMode.Dead or ServerMode.StoresThenHangs:
                await Task.Delay(Timeout, clock, cancellation);
                return new AttemptResult(AttemptVerdict.Retry, null, "No answer in 15 s.", null);
            case ServerMode.Refusing:
                return new AttemptResult(AttemptVerdict.Retry, null, "Connection refused.", null);
            case ServerMode.Failing or ServerMode.StoresThenFails:
                return new AttemptResult(AttemptVerdict.Retry, 500, "Answered 500.", null);
            case ServerMode.TooMany:
                return new AttemptResult(AttemptVerdict.Retry, 429, "Answered 429.", TimeSpan.FromSeconds(chance.Next(1, 600)));
            case ServerMode.Gone:
                return new AttemptResult(AttemptVerdict.Gone, 410, "Answered 410.", null);
            default:
                return new AttemptResult(AttemptVerdict.Delivered, 200, null, null);
        }
    }

    /// <summary>Its owner is told of a new secret, and knows the old one still.</summary>
    public void Learns(byte[] secret) => secrets.Add(secret);

    /// <summary>Its owner has forgotten all other secrets.</summary>
    public void Knows(byte[] secret) => secrets.RemoveAll(one => !one.AsSpan().SequenceEqual(secret));

    private void Verify(DeliveryMessage message, (string Text, long Timestamp) signature)
    {
        var expected = secrets.ConvertAll(secret => WebhookSignature.Sign(message.DeliveryId, signature.Timestamp, message.Body.Span, [secret]));
        if (!signature.Text.Split(' ').Intersect(expected).Any())
            judge.Accuse("law 10, what is sent can be verified", $"{account} knows no secret that signed delivery {message.DeliveryId}.");
    }

    private void Store(DeliveryMessage message)
    {
        judge.Replays.Arrived(message.DeliveryId, message.Due?.RoundStart ?? 0);
        using var body = JsonDocument.Parse(message.Body);
        var data = body.RootElement.GetProperty("data");
        if (body.RootElement.GetProperty("type").GetString() == EventTypes.Reversed)
        {
            judge.ReceivedReversal(this, message.DeliveryId, data.GetProperty("id").GetGuid(), data.GetProperty("payment").GetProperty("id").GetGuid(),
                data.GetProperty("sequence").GetInt64());
            return;
        }

        judge.Received(
            this, message.DeliveryId, data.GetProperty("id").GetGuid(), data.GetProperty("account_id").GetString()!, data.GetProperty("sequence").GetInt64());
    }
}
