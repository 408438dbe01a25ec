using MoMo.Domain.Questions;

namespace MoMo.Tests.Questions;

public sealed class QuestionScheduleTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 30)]
    [InlineData(3, 120)]
    [InlineData(4, 600)]
    [InlineData(5, 1_800)]
    [InlineData(6, 3_600)]
    [InlineData(7, 3_600)]
    [InlineData(1_000, 3_600)]
    public void Waits_grow_to_an_hour_and_are_shaken_by_a_fifth(int tries, int seconds)
    {
        var chance = new Random(7);
        var waits = Enumerable.Range(0, 200).Select(_ => QuestionSchedule.WaitAfter(tries, null, chance).TotalSeconds).ToArray();
        Assert.All(waits, wait => Assert.InRange(wait, seconds * 0.8, seconds * 1.2));
        Assert.True(waits.Distinct().Count() > 100);
    }

    [Fact]
    public void A_PSP_may_ask_for_more_time_but_not_for_more_than_an_hour()
    {
        var chance = new Random(7);
        Assert.Equal(TimeSpan.FromMinutes(7), QuestionSchedule.WaitAfter(1, TimeSpan.FromMinutes(7), chance));
        Assert.Equal(QuestionSchedule.WaitMax, QuestionSchedule.WaitAfter(1, TimeSpan.FromDays(7), chance));
        Assert.InRange(QuestionSchedule.WaitAfter(2, TimeSpan.FromSeconds(1), chance), TimeSpan.FromSeconds(24), TimeSpan.FromSeconds(36));
        Assert.Throws<ArgumentOutOfRangeException>(() => QuestionSchedule.WaitAfter(0, null, chance));
    }
}
