using System.Diagnostics;
using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Specs;

/// <summary>What every kind of destination promises to the deliverer, against a receiver of its own.</summary>
public abstract class DestinationKindSpec
{
    /// <summary>Starts a receiver, and a kind that gives an attempt two seconds.</summary>
    private protected abstract Task<KindUnderTest> StartAsync();

    [Fact]
    public async Task What_is_sent_arrives_with_the_id_of_its_delivery()
    {
        await using var test = await StartAsync();
        var result = await test.SendAsync(1);
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        Assert.Null(result.Cause);
        Assert.Equal([KindUnderTest.Id(1)], await test.ReceivedAsync());
    }

    [Fact]
    public async Task A_repeat_is_the_same_to_its_receiver()
    {
        await using var test = await StartAsync();
        Assert.Equal(AttemptVerdict.Delivered, (await test.SendAsync(1)).Verdict);
        Assert.Equal(AttemptVerdict.Delivered, (await test.SendAsync(1)).Verdict);
        Assert.Equal([KindUnderTest.Id(1)], (await test.ReceivedAsync()).Distinct());
    }

    [Fact]
    public async Task Several_arrive_in_their_order()
    {
        await using var test = await StartAsync();
        if (test.Kind is not IBatchKind) return;
        Assert.Equal(AttemptVerdict.Delivered, (await test.SendAsync(3, 1, 2)).Verdict);
        Assert.Equal([KindUnderTest.Id(3), KindUnderTest.Id(1), KindUnderTest.Id(2)], await test.ReceivedAsync());
    }

    [Fact]
    public async Task A_receiver_that_refuses_is_tried_again_and_then_delivered_to()
    {
        await using var test = await StartAsync();
        await test.RefuseAsync();
        await IsRetriedAsync(test);
        await test.ServeAsync();
        var result = await test.SendAsync(1);
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_tried_again()
    {
        await using var test = await StartAsync();
        await test.LeaveAsync();
        await IsRetriedAsync(test);
    }

    [Fact]
    public async Task A_receiver_that_says_nothing_is_not_waited_for_long()
    {
        await using var test = await StartAsync();
        if (!await test.FallSilentAsync()) return;
        var began = Stopwatch.GetTimestamp();
        await IsRetriedAsync(test);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static async Task IsRetriedAsync(KindUnderTest test)
    {
        var result = await test.SendAsync(1);
        Assert.Equal(AttemptVerdict.Retry, result.Verdict);
        Assert.NotNull(result.Cause);
        Assert.InRange(result.Error!.Length, 1, 500);
        foreach (var secret in test.Secrets) Assert.DoesNotContain(secret, result.Error, StringComparison.Ordinal);
    }
}
