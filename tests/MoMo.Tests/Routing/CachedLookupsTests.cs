using MoMo.Domain.Routing;
using MoMo.Tests.Support;

namespace MoMo.Tests.Routing;

public sealed class CachedLookupsTests
{
    private static readonly Uri Url = new("https://acme.example/lookup");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task The_same_question_is_asked_once_while_it_is_open()
    {
        var account = new Account();
        var lookups = new CachedLookups(account, new FakeTimeProvider());
        using var impatient = new CancellationTokenSource();
        var first = lookups.AskAsync(Url, "4711", Deadline, impatient.Token);
        var others = Enumerable.Range(0, 50).Select(_ => lookups.AskAsync(Url, "4711", Deadline, CancellationToken.None)).ToArray();
        var other = lookups.AskAsync(Url, "0815", Deadline, CancellationToken.None);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        account.Answer.SetResult(LookupAnswer.Yes);
        Assert.All(await Task.WhenAll(others), answer => Assert.Equal(LookupAnswer.Yes, answer));
        Assert.Equal(LookupAnswer.Yes, await other);
        Assert.Equal(["4711", "0815"], account.Asked);
        Assert.Equal(LookupAnswer.Yes, await lookups.AskAsync(Url, "4711", Deadline, CancellationToken.None));
        Assert.Equal(2, account.Asked.Count);
    }

    [Fact]
    public async Task No_answer_is_asked_for_again()
    {
        var account = new Account();
        account.Answer.SetResult(LookupAnswer.None("silence"));
        var lookups = new CachedLookups(account, new FakeTimeProvider());
        for (var round = 0; round < 2; round++) Assert.Null((await lookups.AskAsync(Url, "4711", Deadline, CancellationToken.None)).Known);
        Assert.Equal(2, account.Asked.Count);
    }

    private sealed class Account : ILookupClient
    {
        public TaskCompletionSource<LookupAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Asked { get; } = [];

        public Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation)
        {
            Asked.Add(referenceId);
            return Answer.Task;
        }
    }
}
