using System.Threading.Channels;
using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Deliveries;

/// <summary>A receiver that asks the test what to answer.</summary>
internal sealed class ScriptedKind(TimeProvider clock) : IDestinationKind
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Channel<ScriptedAttempt> attempts = Channel.CreateUnbounded<ScriptedAttempt>();

    public string Kind => "webhook";

    public Task<AttemptResult> SendAsync(DeliveryMessage message, CancellationToken cancellation)
    {
        var attempt = new ScriptedAttempt(message, clock.GetUtcNow());
        attempts.Writer.TryWrite(attempt);
        return attempt.Answered.WaitAsync(cancellation);
    }

    /// <summary>Attempts that wait to be taken.</summary>
    public int Waiting => attempts.Reader.Count;

    /// <summary>The next attempts, by their numbers.</summary>
    public async Task<ScriptedAttempt[]> NextAsync(int count)
    {
        var next = new ScriptedAttempt[count];
        for (var place = 0; place < count; place++) next[place] = await NextAsync();
        return [.. next.OrderBy(attempt => attempt.Sequence)];
    }

    /// <summary>The next attempt, whenever it comes.</summary>
    public Task<ScriptedAttempt> NextAsync() => attempts.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
