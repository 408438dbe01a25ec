using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Simulator.Oracles;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>An account's server: behind one destination.</summary>
internal sealed class AccountServer(Loop loop, Judge judge, long lane, string account, Random chance)
{
    private readonly List<byte[]> secrets = [];
    private readonly Dictionary<string, IReadOnlyList<DeliveryMessage>> files = new(StringComparer.Ordinal);

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
    public Task<AttemptResult> ReceiveAsync(
        DeliveryMessage message, (string Text, long Timestamp) signature, TimeProvider clock, CancellationToken cancellation)
    {
        judge.Attempted(message.DeliveryId);
        return AnswerAsync(isMany: false, Take, clock, cancellation);

        void Take()
        {
            Verify(message, signature);
            Store(message);
        }
    }

    /// <summary>One attempt to put several into a file, on the clock of the silo that makes it.</summary>
    public Task<AttemptResult> ReceiveAsync(string file, IReadOnlyList<DeliveryMessage> messages, TimeProvider clock, CancellationToken cancellation)
    {
        foreach (var message in messages) judge.Attempted(message.DeliveryId);
        return AnswerAsync(messages.Count > 1, Take, clock, cancellation);

        void Take()
        {
            if (files.TryGetValue(file, out var before)) CheckReplaced(file, before, messages);
            files[file] = messages;
            foreach (var message in messages) Store(message);
        }
    }

    /// <param name="isMany">Several at once.</param>
    /// <param name="take">Takes what came.</param>
    /// <param name="clock">Of who asks.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    private async Task<AttemptResult> AnswerAsync(bool isMany, Action take, TimeProvider clock, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(1, 200)), clock, cancellation);
        var mode = Mode == ServerMode.Flapping ? (ServerMode)chance.Next((int)ServerMode.Flapping) : Mode;
        if (mode is ServerMode.Well or ServerMode.Slow or ServerMode.StoresThenFails or ServerMode.StoresThenHangs || (mode == ServerMode.Picky && !isMany)) take();

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
            case ServerMode.Picky when isMany:
                return new AttemptResult(AttemptVerdict.Retry, null, "Too many at once.", null) { Cause = DeliveryCause.AccountRejected };
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

    /// <summary>What goes together goes in the order of its numbers, and is no more than may.</summary>
    public void CheckBatch(IReadOnlyList<DeliveryMessage> messages, int max)
    {
        var numbers = messages.Select(one => one.Due!.Sequence).ToList();
        if (messages.Count > max || !numbers.SequenceEqual(numbers.Order()) || messages.Any(one => one.To?.Lane != lane))
            judge.Accuse("a file is as it was asked for", $"{account} gets {string.Join(", ", numbers)} together, of at most {max}.");
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

    private void CheckReplaced(string file, IReadOnlyList<DeliveryMessage> before, IReadOnlyList<DeliveryMessage> now)
    {
        var gone = before.Select(one => one.DeliveryId).Except(now.Select(one => one.DeliveryId)).ToList();
        if (gone.Count > 0) judge.Accuse("nothing is told and taken back", $"File {file} of {account} was replaced by one without delivery {gone[0]}.");
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
