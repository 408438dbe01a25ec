using MoMo.Tests.Support;

namespace MoMo.Tests.Chaos;

public sealed class KillProgressTests
{
    [Fact]
    public void Each_kill_is_a_line_with_what_was_done_and_how_long_is_left()
    {
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "progress");
        var clock = new FakeTimeProvider();
        var progress = new KillProgress(file, 1_000, clock);
        progress.Tell(0, 0, 0, 0);
        clock.Advance(TimeSpan.FromHours(10));
        progress.Tell(250, 61_234, 48_000, 270);
        progress.Tell(1_000, 250_000, 200_000, 1_101);
        Assert.Equal(
            [
                "0 1000 kill 0 of 1,000, payments acknowledged 0, deliveries 0, restarts 0",
                "250 1000 kill 250 of 1,000, payments acknowledged 61,234, deliveries 48,000, restarts 270, 30:00:00 left",
                "1000 1000 kill 1,000 of 1,000, payments acknowledged 250,000, deliveries 200,000, restarts 1,101, checking that all laws hold",
            ],
            File.ReadAllLines(file));
    }

    [Fact]
    public void Nobody_who_looks_is_no_fault()
    {
        new KillProgress(null, 1, TimeProvider.System).Tell(1, 1, 1, 1);
        new KillProgress("/no/such/folder/progress", 1, TimeProvider.System).Tell(1, 1, 1, 1);
    }
}
