using System.Text.Json;
using System.Threading.Channels;
using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Tests.Deliveries;

/// <summary>A receiver of batches that asks the test what to answer.</summary>
internal sealed class ScriptedBatchKind(BatchRule rule) : IBatchKind
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Channel<(long[] Numbers, TaskCompletionSource<AttemptResult> Answer)> batches =
        Channel.CreateUnbounded<(long[] Numbers, TaskCompletionSource<AttemptResult> Answer)>();

    private int asked;

    public string Kind => "webhook";

    public IReadOnlyList<string> Credentials => [];

    /// <summary>Batches that wait to be taken.</summary>
    public int Waiting => batches.Reader.Count;

    public Outcome<Uri> Locate(string account, string? url, JsonElement settings) => new Refusal("none", "Made by the test.");

    public BatchRule Batch(JsonElement settings) => rule;

    /// <summary>What batches wait for before they are tried; nothing by default.</summary>
    public Task Turn { get; set; } = Task.CompletedTask;

    /// <summary>Batches that have asked for their turn.</summary>
    public int Asked => Volatile.Read(ref asked);

    public async Task<IDisposable?> TurnAsync(LaneDestination to, CancellationToken cancellation)
    {
        Interlocked.Increment(ref asked);
        await Turn.WaitAsync(cancellation);
        return null;
    }

    public Task<AttemptResult> SendAsync(IReadOnlyList<DeliveryMessage> messages, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<AttemptResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        batches.Writer.TryWrite(([.. messages.Select(one => one.Due!.Sequence)], answer));
        return answer.Task.WaitAsync(cancellation);
    }

    /// <summary>Waits for the next batch.</summary>
    public async Task<(long[] Numbers, TaskCompletionSource<AttemptResult> Answer)> NextAsync() =>
        await batches.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
