using MoMo.Edge.Webhooks;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Webhooks;

public sealed class DeadlinesTests
{
    [Fact]
    public void One_that_did_not_pass_serves_again_and_knows_nothing_of_before()
    {
        using var deadlines = new Deadlines(TimeSpan.FromMinutes(1));
        var first = deadlines.Take();
        var cancelled = false;
        first.Token.Register(() => cancelled = true);
        deadlines.GiveBack(first);

        var second = deadlines.Take();
        Assert.Same(first, second);
        second.Cancel();
        Assert.False(cancelled); // that was somebody else's
        deadlines.GiveBack(second);
        Assert.NotSame(first, deadlines.Take());
    }

    [Fact]
    public async Task One_that_passed_does_not_serve_again()
    {
        using var deadlines = new Deadlines(TimeSpan.FromMilliseconds(1));
        var first = deadlines.Take();
        await Eventually.TrueAsync(() => Task.FromResult(first.IsCancellationRequested), () => "it has passed");
        deadlines.GiveBack(first);
        Assert.NotSame(first, deadlines.Take());
    }
}
