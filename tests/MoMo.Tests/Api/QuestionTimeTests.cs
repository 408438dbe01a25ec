using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Routing;
using MoMo.Engine;
using MoMo.Silo.Api;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>A payer waits while his PSP asks: Daraja is answered inside three seconds, whatever the accounts' servers do. On a held clock.</summary>
public sealed class QuestionTimeTests(HubFixture fixture) : IClassFixture<HubFixture>, IAsyncLifetime
{
    private const string Lookup = """{"rule":"lookup","deadline_ms":2500}""";
    private const string Unsure = "C2B00016";
    private const string Welcome = "0";

    /// <summary>Three seconds but for the way there and back.</summary>
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(2.9);

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private string adapter = "";

    private IDirectory Directory => fixture.Silo.Services.GetRequiredService<IDirectory>();

    public async Task InitializeAsync()
    {
        adapter = HubFixture.Fresh().ToLowerInvariant();
        await fixture.Hub.AddAccountAsync(adapter, fixture.Server.UrlOf("/lookup").ToString());
        await fixture.Hub.AddAdapterAsync(adapter, "psp", "mpesa-c2b", new { addresses = new[] { "127.0.0.1" }, when_unsure = "refuse" });
        // A silo hears of a new account moments later.
        await Eventually.TrueAsync(
            async () => (await Directory.FindLookupsAsync(Mode.Live, CancellationToken.None)).Any(one => one.Id == adapter), () => "the account to be known");
    }

    public async Task DisposeAsync() => Assert.Equal(204, (await fixture.Hub.SendAsync(HttpMethod.Delete, $"/v1/accounts/{adapter}", null)).Status);

    [Fact]
    public async Task A_question_is_answered_in_time_though_the_accounts_server_never_answers()
    {
        var lookups = new HeldLookups(_ => new TaskCompletionSource<LookupAnswer>().Task);
        var answer = AskAsync(lookups, Lookup);
        await lookups.AreAskedAsync(1);
        Assert.False(answer.IsCompleted);
        clock.Advance(InTime);
        Assert.Equal(Unsure, await answer.WaitAsync(HubClient.AnswerMax));
    }

    [Fact]
    public async Task Many_lookups_one_after_the_other_have_no_more_time_than_one()
    {
        var lookups = new HeldLookups(async deadline =>
        {
            await Task.Delay(deadline, clock);
            return LookupAnswer.None("It did not answer.");
        });
        var answer = AskAsync(lookups, [.. Enumerable.Repeat(Lookup, RuleSet.Max)]);
        await lookups.AreAskedAsync(1);
        clock.Advance(LookupRule.DeadlineMax);
        await lookups.AreAskedAsync(2);
        Assert.False(answer.IsCompleted);
        clock.Advance(InTime - LookupRule.DeadlineMax);
        Assert.Equal(Unsure, await answer.WaitAsync(HubClient.AnswerMax));
        Assert.Equal(2, lookups.Asked);
    }

    [Fact]
    public async Task A_yes_inside_the_longest_deadline_counts()
    {
        var said = new TaskCompletionSource<LookupAnswer>();
        var lookups = new HeldLookups(_ => said.Task);
        var answer = AskAsync(lookups, Lookup);
        await lookups.AreAskedAsync(1);
        clock.Advance(LookupRule.DeadlineMax);
        said.SetResult(LookupAnswer.Yes);
        Assert.Equal(Welcome, await answer.WaitAsync(HubClient.AnswerMax));
    }

    [Fact]
    public async Task What_was_long_in_coming_has_that_much_less_time()
    {
        var lookups = new HeldLookups(_ => new TaskCompletionSource<LookupAnswer>().Task);
        var began = clock.GetTimestamp();
        clock.Advance(InTime);
        Assert.Equal(Unsure, await AskAsync(lookups, began, Lookup).WaitAsync(HubClient.AnswerMax));
    }

    private Task<string?> AskAsync(HeldLookups lookups, params string[] rules) => AskAsync(lookups, clock.GetTimestamp(), rules);

    /// <summary>Asks for a payment that no rule but lookups could know, as Daraja does.</summary>
    /// <returns>The result's code.</returns>
    private async Task<string?> AskAsync(HeldLookups lookups, long began, params string[] rules)
    {
        var services = fixture.Silo.Services;
        var intake = ActivatorUtilities.CreateInstance<CallbackIntake>(services, clock);
        var found = (await Directory.FindAdapterAsync(adapter, CancellationToken.None))!;
        var called = found with { Rules = new RuleReader(lookups).Read(JsonElement.Parse($"[{string.Join(',', rules)}]"), isNew: true).Accepted! };
        var admitted = new AdmittedCallback(called, intake.Find(called.Format)!, services.GetRequiredService<CallbackSources>().Of(called), [])
        {
            BeganAt = began,
        };
        var body = """{"TransID":"Q1","TransTime":"20260314151617","TransAmount":"5.00","BusinessShortCode":"1","BillRefNumber":"anybody"}"""u8.ToArray();
        var message = new CallbackMessage("POST", "validation", new Dictionary<string, string>(), body, clock.GetUtcNow());
        var answer = await intake.TakeAsync(admitted, message, "{}", CancellationToken.None);
        return JsonElement.Parse(answer.Body!).GetProperty("ResultCode").GetString();
    }

    /// <summary>Accounts' servers that answer when the test says so, and do not care who has gone.</summary>
    private sealed class HeldLookups(Func<TimeSpan, Task<LookupAnswer>> answer) : ILookupClient
    {
        private int asked;

        public int Asked => Volatile.Read(ref asked);

        public Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation)
        {
            var answering = answer(deadline);
            Interlocked.Increment(ref asked); // from now on the clock may go on
            return answering;
        }

        public Task AreAskedAsync(int times) => Eventually.TrueAsync(() => Asked == times, () => $"asked {Asked} times of {times}");
    }
}
