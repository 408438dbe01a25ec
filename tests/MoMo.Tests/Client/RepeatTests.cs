using Microsoft.AspNetCore.Http;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Tests.Client;

public sealed class RepeatTests : IDisposable
{
    private readonly HurriedClock clock = new();
    private readonly HttpClient http = new();

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_payment_is_repeated_after_the_wait_the_hub_asked_for(int status)
    {
        var attempts = 0;
        await using var hub = await FakeHub.StartAsync(context =>
        {
            if (++attempts == 3) return FakeHub.AnswerAsync(context, 201, Samples.Payment);
            context.Response.Headers.RetryAfter = $"{attempts}";
            return FakeHub.AnswerAsync(context, status, """{"code":"hub-busy"}""");
        });

        var taken = await Connect(hub).Payments.SendAsync(Samples.NewPayment());

        Assert.Equal("p1", taken.Id);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], clock.Waits);
    }

    [Fact]
    public async Task A_hub_that_stays_busy_is_asked_four_times_and_then_complained_of()
    {
        await using var hub = await Busy(503, "5");

        var busy = await Assert.ThrowsAsync<MoMoException>(() => Connect(hub).Payments.SendAsync(Samples.NewPayment()));

        Assert.Equal("hub-busy", busy.Code);
        Assert.Equal(TimeSpan.FromSeconds(5), busy.RetryAfter);
        Assert.Equal(4, hub.Requests.Count);
    }

    [Theory]
    [InlineData("31")]                              // longer than the client is willing to wait
    [InlineData("Sat, 31 Jan 2026 12:00:31 GMT")]   // the same as a date
    [InlineData(null)]                              // nothing was promised
    public async Task A_refusal_without_a_bearable_wait_is_final(string? retryAfter)
    {
        await using var hub = await Busy(503, retryAfter);

        await Assert.ThrowsAsync<MoMoException>(() => Connect(hub).Payments.SendAsync(Samples.NewPayment()));

        Assert.Single(hub.Requests);
    }

    [Theory]
    [InlineData(429, "hub-busy")]
    [InlineData(503, "hub-busy")]
    [InlineData(409, "idempotency-key-busy")]
    public async Task What_has_no_natural_key_bears_one_of_its_own_and_is_repeated_under_it(int status, string code)
    {
        List<string?> names = [];
        await using var hub = await FakeHub.StartAsync(context =>
        {
            names.Add(context.Request.Headers["Idempotency-Key"]);
            context.Response.Headers.RetryAfter = "1";
            return FakeHub.AnswerAsync(context, status, $$"""{"code":"{{code}}"}""");
        });
        var momo = Connect(hub);

        await Assert.ThrowsAsync<MoMoException>(() => momo.Keys.CreateAsync(new KeySpec { Name = "acme", Scopes = ["admin"] }));
        await Assert.ThrowsAsync<MoMoException>(() => momo.Keys.CreateAsync(new KeySpec { Name = "acme", Scopes = ["admin"] }));

        Assert.Equal(8, names.Count);
        Assert.DoesNotContain(null, names);
        Assert.Single(names.Take(4).Distinct());
        Assert.Equal(2, names.Distinct().Count());
    }

    [Theory]
    [InlineData(409, "name-taken", 1)]
    [InlineData(503, "hub-busy", 1)]
    [InlineData(429, "hub-busy", 4)]
    public async Task What_may_have_happened_already_is_not_repeated(int status, string code, int attempts)
    {
        await using var hub = await FakeHub.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "1";
            return FakeHub.AnswerAsync(context, status, $$"""{"code":"{{code}}"}""");
        });

        await Assert.ThrowsAsync<MoMoException>(() => Connect(hub).Destinations.UndoRotationAsync("acme", "hook"));

        Assert.Equal(attempts, hub.Requests.Count);
    }

    [Theory]
    [InlineData(503, "key-unknown", false)]
    [InlineData(503, "route-unknown", true)]
    [InlineData(429, "key-unknown", true)] // nothing was done: it was never there
    public async Task What_the_repeat_of_a_deletion_does_not_find_is_deleted(int first, string code, bool isRefused)
    {
        await using var hub = await Twice(first, 404, code);

        var deleting = Connect(hub).Keys.DeleteAsync("k1");

        if (isRefused) Assert.Equal(code, (await Assert.ThrowsAsync<MoMoException>(() => deleting)).Code);
        else await deleting;
        Assert.Equal(["DELETE /v1/keys/k1", "DELETE /v1/keys/k1"], hub.Requests);
    }

    [Theory]
    [InlineData(503, "change-unsure", "somebody else changed it. Look at it before you change it again.")]
    [InlineData(429, "etag-mismatch", "It was changed.")]
    public async Task A_repeat_that_finds_another_version_does_not_claim_that_somebody_else_made_it(int first, string code, string words)
    {
        await using var hub = await Twice(first, 412, "etag-mismatch");

        var refused = await Assert.ThrowsAsync<MoMoException>(() => Connect(hub).Psps.SetAsync("p1", new PspSpec { Name = "P" }, 7));

        Assert.Equal((code, System.Net.HttpStatusCode.PreconditionFailed), (refused.Code, refused.Status));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Equal(["PUT /v1/psps/p1 If-Match \"7\"", "PUT /v1/psps/p1 If-Match \"7\""], hub.Requests);
    }

    [Fact]
    public async Task A_file_is_sent_again_from_where_it_began()
    {
        var received = new List<string>();
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            received.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
            context.Response.Headers.RetryAfter = "1";
            await FakeHub.AnswerAsync(context, 429, "{}");
        });
        using var content = new MemoryStream("headstatement"u8.ToArray()) { Position = 4 };

        await Assert.ThrowsAsync<MoMoException>(() => Connect(hub).Files.SendAsync("bank", content, "a b.csv"));

        Assert.Equal(["statement", "statement", "statement", "statement"], received);
        Assert.Equal("POST /v1/adapters/bank/files?name=a%20b.csv", hub.Requests.First());
    }

    [Fact]
    public void Options_out_of_range_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new MoMoClient(new HttpClient { BaseAddress = new("http://hub") }, new MoMoClientOptions { AttemptsMax = 11 }));

    /// <summary>A hub that answers the first request with one status, and its repeat with another.</summary>
    private static Task<FakeHub> Twice(int first, int second, string code)
    {
        var asked = 0;
        return FakeHub.StartAsync(context =>
        {
            if (++asked > 1) return FakeHub.AnswerAsync(context, second, $$"""{"code":"{{code}}","detail":"It was changed."}""");
            context.Response.Headers.RetryAfter = "1";
            return FakeHub.AnswerAsync(context, first, """{"code":"database-away"}""");
        });
    }

    private static Task<FakeHub> Busy(int status, string? retryAfter) => FakeHub.StartAsync(context =>
    {
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return FakeHub.AnswerAsync(context, status, """{"code":"hub-busy","detail":"Too busy."}""");
    });

    private MoMoClient Connect(FakeHub hub)
    {
        http.BaseAddress = hub.Url;
        return new MoMoClient(http, new MoMoClientOptions { Key = "momo_k" }, clock);
    }
}
