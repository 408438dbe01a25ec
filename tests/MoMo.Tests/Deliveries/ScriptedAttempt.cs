using System.Text.Json;
using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Deliveries;

/// <summary>An attempt that waits for its answer.</summary>
internal sealed class ScriptedAttempt(DeliveryMessage message, DateTimeOffset at)
{
    private readonly TaskCompletionSource<AttemptResult> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid Delivery => message.DeliveryId;

    /// <summary>What was sent.</summary>
    public DeliveryMessage Message => message;

    /// <summary>When it was made.</summary>
    public DateTimeOffset At => at;

    /// <summary>Which one it says it is, from 1.</summary>
    public int Number { get; } = JsonElement.Parse(message.Body.Span).GetProperty("attempt").GetInt32();

    /// <summary>The account's number for the payment.</summary>
    public long Sequence { get; } = JsonElement.Parse(message.Body.Span).GetProperty("data").GetProperty("sequence").GetInt64();

    public Task<AttemptResult> Answered => answered.Task;

    public void Deliver() => answered.SetResult(new AttemptResult(AttemptVerdict.Delivered, 200, null, null));

    public void Fail(TimeSpan? retryAfter = null) => answered.SetResult(new AttemptResult(AttemptVerdict.Retry, 500, "not now", retryAfter));

    /// <summary>It fails, and these are the receiver's own words.</summary>
    public void Quote(string error, string excerpt) =>
        answered.SetResult(new AttemptResult(AttemptVerdict.Retry, 500, error, null) { Cause = DeliveryCause.AccountRejected, Excerpt = excerpt });

    /// <summary>The receiver is asked too much.</summary>
    public void Refuse(TimeSpan retryAfter) => answered.SetResult(new AttemptResult(AttemptVerdict.Retry, 429, "too much", retryAfter));

    public void Leave() => answered.SetResult(new AttemptResult(AttemptVerdict.Gone, 410, "gone", null));
}
