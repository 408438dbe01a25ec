using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Deliveries;

public sealed class RetryScheduleTests
{
    public static TheoryData<int, string> Waits => new()
    {
        { 1, "00:00:05" },
        { 2, "00:05:00" },
        { 3, "00:30:00" },
        { 4, "02:00:00" },
        { 5, "05:00:00" },
        { 6, "10:00:00" },
        { 7, "14:00:00" },
        { 8, "20:00:00" },
        { 9, "1.00:00:00" },
    };

    [Theory, MemberData(nameof(Waits))]
    public void Every_wait_stays_within_a_fifth_and_uses_all_of_it(int attempts, string expected)
    {
        var middle = TimeSpan.Parse(expected);
        var waits = Enumerable.Range(0, 2_000).Select(seed => RetrySchedule.WaitAfter(attempts, null, new Random(seed))!.Value).ToArray();

        Assert.All(waits, wait => Assert.InRange(wait, middle * 0.8, middle * 1.2));
        Assert.True(waits.Min() < middle * 0.81, $"The shortest is {waits.Min()}.");
        Assert.True(waits.Max() > middle * 1.19, $"The longest is {waits.Max()}.");
        Assert.InRange(waits.Average(wait => wait / middle), 0.99, 1.01);
    }

    [Fact]
    public void The_first_attempt_is_due_at_once() => Assert.Equal(TimeSpan.Zero, RetrySchedule.WaitAfter(0, null, new Random(1)));

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(int.MaxValue)]
    public void After_the_last_attempt_there_is_none(int attempts) =>
        Assert.Null(RetrySchedule.WaitAfter(attempts, TimeSpan.FromHours(1), new Random(1)));

    [Fact]
    public void The_same_seed_gives_the_same_wait() =>
        Assert.Equal(RetrySchedule.WaitAfter(4, null, new Random(42)), RetrySchedule.WaitAfter(4, null, new Random(42)));

    [Theory]
    [InlineData(1, "00:01:00", "00:01:00")]
    [InlineData(1, "9.00:00:00", "1.00:00:00")]
    [InlineData(2, "00:06:01", "00:06:01")]
    public void A_receiver_can_lengthen_the_wait_up_to_a_day(int attempts, string asked, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected), RetrySchedule.WaitAfter(attempts, TimeSpan.Parse(asked), new Random(7)));

    [Theory]
    [InlineData("00:00:01")]
    [InlineData("00:00:00")]
    [InlineData("-01:00:00")]
    public void A_receiver_cannot_shorten_the_wait(string asked) =>
        Assert.Equal(RetrySchedule.WaitAfter(3, null, new Random(7)), RetrySchedule.WaitAfter(3, TimeSpan.Parse(asked), new Random(7)));

    [Fact]
    public void The_whole_schedule_lasts_about_75_hours()
    {
        var chance = new Random(3);
        var hours = Enumerable.Range(0, RetrySchedule.AttemptsMax).Sum(n => RetrySchedule.WaitAfter(n, null, chance)!.Value.TotalHours);
        Assert.InRange(hours, 75.6 * 0.8, 75.6 * 1.2);
    }

    [Fact]
    public void A_negative_number_of_attempts_is_a_bug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.WaitAfter(-1, null, new Random(1)));
}
