using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Questions;
using MoMo.Edge.Psps;
using MoMo.Engine;
using MoMo.Silo.Api;
using MoMo.Silo.Questions;
using MoMo.Storage.Questions;
using MoMo.Tests.Api;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Questions;

/// <summary>No question waits for ever, keeps others from being asked, or is lost; and a PSP that is away is left alone whoever rings.</summary>
public sealed class StubbornTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    private static readonly Ids Ids = new();

    private QuestionStore Store => fixture.Silo.Services.GetRequiredService<QuestionStore>();

    [Fact]
    public async Task A_question_that_can_not_be_put_waits_longer_and_is_given_up()
    {
        var (adapter, _) = await fixture.AddMtnAsync();
        var (reference, now) = (AskingFixture.Fresh(), TimeProvider.System.GetUtcNow());
        await Store.AskAsync(Question(adapter, reference, now, now.AddHours(1)), CancellationToken.None);
        var services = fixture.Silo.Services;
        var found = (await services.GetRequiredService<IDirectory>().FindAdapterAsync(adapter, CancellationToken.None))!;
        var format = (IStatusFormat)services.GetRequiredService<CallbackIntake>().Find(found.Format)!;
        // Settings that nobody would take any more.
        var settings = JsonElement.Parse("""{"status_url":"://{reference}","token_url":"x"}""");
        var source = services.GetRequiredService<CallbackSources>().Of(found with { Settings = settings });
        var asker = new Asker(found, format, "reference_id", source);

        var question = await OneAsync(adapter, now.AddHours(2));
        await services.GetRequiredService<Asking>().AskAsync(asker, question, CancellationToken.None);
        var asked = await fixture.AskedAsync(adapter, reference, 1);
        Assert.Equal("waiting", asked.GetProperty("state").GetString());
        Assert.Contains("it was logged", asked.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.True(asked.GetProperty("due_at").GetDateTimeOffset() > asked.GetProperty("asked_at").GetDateTimeOffset());

        question = await OneAsync(adapter, now.AddHours(2));
        await services.GetRequiredService<Asking>().AskAsync(asker, question with { UntilAt = now }, CancellationToken.None);
        await fixture.UntilAsync(adapter, reference, "given_up");
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}' AND why = 'status-given-up'"));
    }

    [Fact]
    public async Task An_answer_that_the_hub_itself_can_not_record_is_kept_and_asked_for_again()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var reference = AskingFixture.Fresh();
        fixture.Psp.Says(reference, AskingFixture.Mtn(reference));
        var heal = await PoisonedPaymentTests.PoisonAsync(fixture.Silo.Database, "payments", adapter);
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(reference, "PENDING"));
        var asked = await fixture.AskedAsync(adapter, reference, 1);
        Assert.Equal("waiting", asked.GetProperty("state").GetString());
        Assert.Contains("it was logged", asked.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        var message = (await fixture.Hub.GetAsync($"/v1/messages?why=internal&adapter={adapter}")).Json.GetProperty("items")[0];
        var content = await fixture.Hub.GetAsync($"/v1/messages/{message.GetProperty("id").GetString()}/content");
        Assert.Equal(AskingFixture.Mtn(reference), Encoding.UTF8.GetString(content.Bytes));

        await Sql.DoAsync(fixture.Silo.Database.OwnerConnectionString, heal);
        await fixture.HurryAsync(adapter, reference);
        await fixture.UntilAsync(adapter, reference, "found");
    }

    [Fact]
    public async Task Rings_do_not_end_the_rest_of_a_PSP_that_is_away_and_it_says_itself_how_long_that_is()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var references = Enumerable.Range(0, 10).Select(_ => AskingFixture.Fresh()).ToArray();
        foreach (var reference in references)
            fixture.Psp.Answers[reference] = http =>
            {
                http.Response.Headers.RetryAfter = "1200";
                return Task.FromResult(Results.StatusCode(503));
            };
        await Task.WhenAll(references.Select(reference => fixture.RingAsync(path, reference, AskingFixture.Mtn(reference))));
        await Eventually.TrueAsync(
            async () => await fixture.CountAsync($"agenda WHERE kind = 'status-questions' AND key = '{adapter}' AND leased_until > now() + interval '15 minutes'") == 1, () => "it does not rest");
        Assert.Equal(1, await fixture.CountAsync($"agenda WHERE kind = 'status-questions' AND key = '{adapter}' AND leased_until < now() + interval '61 minutes'"));

        var asked = references.Sum(fixture.Psp.CountOf);
        var (newcomer, neighbour) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(newcomer, AskingFixture.Mtn(newcomer));
        await fixture.RingAsync(path, newcomer, AskingFixture.Mtn(newcomer));
        await fixture.RingAsync(path, references[0], AskingFixture.Mtn(references[0]));
        // The silo looks for work, finds that of somebody who rang later, and leaves this one's.
        var (other, otherPath) = await fixture.AddMtnAsync();
        fixture.Psp.Says(neighbour, AskingFixture.Mtn(neighbour));
        await fixture.RingAsync(otherPath, neighbour, AskingFixture.Mtn(neighbour));
        await fixture.UntilAsync(other, neighbour, "found");
        Assert.Equal(0, fixture.Psp.CountOf(newcomer));
        Assert.Equal(asked, references.Sum(fixture.Psp.CountOf));

        await fixture.HurryAsync(adapter, newcomer);
        await fixture.RestedAsync(adapter);
        await fixture.UntilAsync(adapter, newcomer, "found");
    }

    [Fact]
    public async Task Questions_of_an_adapter_that_can_not_ask_any_more_end_in_their_time()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (over, open) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        foreach (var reference in (string[])[over, open])
        {
            fixture.Psp.Says(reference, AskingFixture.Mtn(reference, "PENDING"));
            await fixture.RingAsync(path, reference, AskingFixture.Mtn(reference));
            await fixture.AskedAsync(adapter, reference, 1);
        }

        var changed = await fixture.Hub.PutAsync($"/v1/adapters/{adapter}", new { name = adapter, psp = adapter, format = "mtn-momo", settings = new { } });
        Assert.True(changed.Status == 200, changed.ToString());
        var asked = (await fixture.AskedAsync(adapter, over, 1)).GetProperty("asked").GetInt32();
        await fixture.HurryAsync(adapter, over, last: true);
        var question = await fixture.UntilAsync(adapter, over, "given_up");
        Assert.Equal(asked, question.GetProperty("asked").GetInt32());
        Assert.Contains("no status_url", question.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}' AND why = 'status-given-up'"));
        Assert.Equal(1, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}' AND state = 'waiting' AND reference = '{open}'"));
    }

    [Fact]
    public async Task A_ring_while_the_PSP_is_asked_is_heard_whatever_the_clocks_say()
    {
        var (adapter, _) = await fixture.AddMtnAsync();
        var (reference, now) = (AskingFixture.Fresh(), TimeProvider.System.GetUtcNow());
        await Store.AskAsync(Question(adapter, reference, now, now.AddHours(1)), CancellationToken.None);
        var question = await OneAsync(adapter, now.AddHours(2));
        // The clock of the silo that it rings at is behind.
        await Store.AskAsync(Question(adapter, reference, now.AddMinutes(-5), now.AddHours(1)), CancellationToken.None);
        var failed = new QuestionAnswer(QuestionState.Failed, "failed", now, now);
        Assert.True(await Store.RecordAsync(question, failed, now, CancellationToken.None));
        question = await OneAsync(adapter, now.AddHours(2));
        Assert.Equal((QuestionState.Waiting, 1), (question.State, question.Asks));

        Assert.True(await Store.RecordAsync(question, failed, now, CancellationToken.None));
        Assert.Equal(1, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}' AND state = 'failed' AND ended_at IS NOT NULL"));
    }

    [Fact]
    public async Task Where_as_many_wait_as_may_only_new_ones_are_refused()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (known, other) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var database = NpgsqlDataSource.Create(fixture.Silo.Database.AppConnectionString);
        var store = new QuestionStore(database, clock);
        Assert.False(await store.IsFullAsync(adapter, other, CancellationToken.None));
        await Sql.DoAsync(
            fixture.Silo.Database.AppConnectionString,
            $"""
            INSERT INTO status_questions (id, adapter_id, reference, origin, created_at, rung_at, due_at, until_at)
            SELECT gen_random_uuid(), '{adapter}', CASE WHEN place = 1 THEN '{known}' ELSE place::text END, 'doorbell', now(), now(),
                now() + interval '1 day', now() + interval '2 days' FROM generate_series(1, {QuestionStore.WaitingMax}) place
            """);
        Assert.False(await store.IsFullAsync(adapter, other, CancellationToken.None));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await store.IsFullAsync(adapter, other, CancellationToken.None));
        Assert.False(await store.IsFullAsync(adapter, known, CancellationToken.None));
        // Who has a question says nothing of the room for others.
        Assert.True(await store.IsFullAsync(adapter, other, CancellationToken.None));

        using var stranger = fixture.Silo.As(null);
        Assert.Equal(503, (await stranger.PutAsync($"{path}/{other}", AskingFixture.Mtn(other))).Status);
        // Nor does it when one message rings for both.
        Assert.Equal(503, await RingTwiceAsync(adapter, known, other));
        Assert.Equal(0, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}' AND reference = '{other}'"));
        fixture.Psp.Says(known, AskingFixture.Mtn(known));
        await fixture.RingAsync(path, known, AskingFixture.Mtn(known));
        await fixture.UntilAsync(adapter, known, "found");
    }

    /// <summary>A message that rings for two payments, of a PSP whose messages do.</summary>
    private async Task<int> RingTwiceAsync(string adapter, string one, string other)
    {
        var services = fixture.Silo.Services;
        var format = new TwoBells(one, other);
        var intake = ActivatorUtilities.CreateInstance<CallbackIntake>(services, (IEnumerable<ICallbackFormat>)[format]);
        var called = (await services.GetRequiredService<IDirectory>().FindAdapterAsync(adapter, CancellationToken.None))!;
        var source = services.GetRequiredService<CallbackSources>().Of(called, out var closed);
        var message = new CallbackMessage("POST", "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes($"{one} {other}"), TimeProvider.System.GetUtcNow());
        return (await intake.TakeAsync(new AdmittedCallback(called, format, source, closed) { BeganAt = TimeProvider.System.GetTimestamp() }, message, "{}", CancellationToken.None)).Status;
    }

    private sealed class TwoBells(string one, string other) : CallbackFormat
    {
        public override string Name => "two-bells";

        public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source) =>
        [
            new DoorbellEntry(1, new NoticeEntry(1, NoticeKind.Info, one, null, "It rings."), one),
            new DoorbellEntry(2, new NoticeEntry(2, NoticeKind.Info, other, null, "It rings."), other),
        ];
    }

    private static NewQuestion Question(string adapter, string reference, DateTimeOffset at, DateTimeOffset dueAt) =>
        new(Ids.Next(), adapter, reference, QuestionOrigin.Doorbell, at, dueAt);

    private async Task<StatusQuestion> OneAsync(string adapter, DateTimeOffset at) => Assert.Single(await Store.DueAsync(adapter, at, 10, CancellationToken.None));
}
