using MoMo.Domain.Deliveries;
using MoMo.Edge.Drops;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Drops;

/// <summary>A folder whose disk does not answer, as that of a mount whose server is gone.</summary>
public sealed class HungDiskTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TestFolder root = new();
    private readonly ManualResetEventSlim answers = new();
    private readonly TaskCompletionSource hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task It_costs_an_attempt_its_time_and_the_next_ones_nothing_until_it_answers_again()
    {
        var kind = Kind(TimeSpan.FromSeconds(1));
        var first = await SendAsync(kind, 1, "acme");
        Assert.Equal((AttemptVerdict.Retry, DeliveryCause.HubFault), (first.Verdict, first.Cause));
        Assert.Contains("took longer than 1 s", first.Error, StringComparison.Ordinal);
        var second = await SendAsync(kind, 1, "acme");
        Assert.Equal((AttemptVerdict.Retry, DeliveryCause.HubFault), (second.Verdict, second.Cause));
        Assert.Contains("still being written", second.Error, StringComparison.Ordinal);
        Assert.Equal(AttemptVerdict.Delivered, (await SendAsync(kind, 2, "beta")).Verdict);

        answers.Set();
        await Eventually.TrueAsync(async () => (await SendAsync(kind, 1, "acme")).Verdict == AttemptVerdict.Delivered, () => "not delivered");
        Assert.Single(Directory.GetFileSystemEntries(Path.Combine(root.Path, "outbox", "acme")));
    }

    [Fact]
    public async Task It_keeps_no_silo_from_stopping()
    {
        using var stop = new CancellationTokenSource();
        var sending = SendAsync(Kind(TimeSpan.FromMinutes(10)), 1, "acme", stop.Token);
        await hangs.Task.WaitAsync(Patience);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task An_attempt_that_was_given_up_leaves_no_file_when_the_disk_answers_after_all()
    {
        var threads = new DropThreads();
        var folder = Path.Combine(root.Path, "outbox");
        using var late = new CancellationTokenSource();
        var modes = new DropModes(folder, true, Hang);
        var put = threads.RunAsync(1, () => LocalDrop.Put(folder, folder, modes, "file", ".file.part", "x"u8.ToArray(), late.Token), CancellationToken.None);
        await hangs.Task.WaitAsync(Patience);
        await late.CancelAsync();
        answers.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    public void Dispose()
    {
        answers.Set();
        root.Dispose();
        answers.Dispose();
    }

    private DropKind Kind(TimeSpan timeout) => new(new DropOptions { Timeout = timeout, Sync = Hang }, Path.Combine(root.Path, "outbox"));

    /// <summary>The first time; longer than any of these tests are patient.</summary>
    private void Hang(string folder)
    {
        if (hangs.TrySetResult()) answers.Wait();
    }

    private static Task<AttemptResult> SendAsync(DropKind kind, long lane, string account, CancellationToken cancellation = default)
    {
        var to = new LaneDestination(lane, account, "file", new Uri("file:///x"), [], false);
        var due = KindUnderTest.Due(1);
        var message = new DeliveryMessage(due.Id, to.Url, [], "{\"a\":1}"u8.ToArray()) { Due = due, To = to };
        return Task.Run(() => kind.SendAsync([message], cancellation), CancellationToken.None).WaitAsync(Patience, CancellationToken.None);
    }
}
