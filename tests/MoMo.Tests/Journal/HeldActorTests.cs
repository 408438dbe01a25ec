using System.Collections.Concurrent;
using MoMo.Engine;

namespace MoMo.Tests.Journal;

/// <summary>What the journal makes of a turn that waited in vain, and of a command that can't be answered.</summary>
public sealed class HeldActorTests
{
    [Fact]
    public async Task Others_do_not_wait_for_a_held_actor_once_more()
    {
        var turn = new HeldTurn("b");
        await using var journal = new Journal<Asked>(turn, new JournalOptions { Lines = 1, WritersMax = 1, RetriesMax = 5, TogetherMax = 0 }, TimeProvider.System);
        Asked[] asked = [new("a"), new("b"), new("c"), new("d")];
        await turn.BeginAsync(journal, asked);

        await Task.WhenAll(asked[0].Answered, asked[2].Answered, asked[3].Answered);
        await Assert.ThrowsAsync<HubBusyException>(() => asked[1].Answered);

        // All of them; its half; the half of that, which is the held one: each waited once.
        Assert.Equal(["a,b,c,d", "a,b", "b"], turn.Waited.Take(3));
        Assert.All(turn.Waited.Skip(3), what => Assert.Equal("b", what));
    }

    [Fact]
    public async Task One_that_can_not_be_answered_keeps_nobody_from_his_answer()
    {
        var turn = new HeldTurn("nobody");
        await using var journal = new Journal<Asked>(turn, new JournalOptions { Lines = 1, WritersMax = 1 }, TimeProvider.System);
        Asked[] asked = [new("a"), new("b") { IsUnanswerable = true }, new("c")];
        await turn.BeginAsync(journal, asked);

        await Task.WhenAll(asked[0].Answered, asked[2].Answered);
        await Assert.ThrowsAsync<InvalidOperationException>(() => asked[1].Answered);
        var next = new Asked("a");
        journal.Submit(next);
        await next.Answered;
    }

    private sealed class Asked(string actor) : Command
    {
        private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsUnanswerable { get; init; }

        public Task Answered => answered.Task;

        public override string Actor => actor;

        public override void Answer()
        {
            if (IsUnanswerable) throw new InvalidOperationException("It has no decision.");
            answered.SetResult();
        }

        public override void Fail(Exception fault) => answered.SetException(fault);
    }

    /// <summary>Turns wait in vain as long as they have the held actor. The first of all ends only when the others are there, so that they are one batch.</summary>
    private sealed class HeldTurn(string held) : ITurn<Asked>
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource together = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<string> Waited { get; } = new();

        public async Task BeginAsync(Journal<Asked> journal, Asked[] asked)
        {
            journal.Submit(new Asked("first"));
            await begun.Task;
            foreach (var one in asked) journal.Submit(one);
            together.SetResult();
        }

        public async Task RunAsync(IReadOnlyList<Asked> commands, TurnPlace place, CancellationToken cancellation)
        {
            begun.TrySetResult();
            await together.Task;
            var actors = commands.Where(one => one.Actor != "first").Select(one => one.Actor).ToArray();
            if (!actors.Contains(held)) return;
            Waited.Enqueue(string.Join(',', actors));
            throw new TurnLostException("Somebody holds it.", new TimeoutException()) { Waited = true };
        }
    }
}
