using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Tests.Client;

public sealed class MoMoClientTests : IDisposable
{
    private readonly HttpClient http = new();

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task A_refusal_carries_everything_the_hub_said()
    {
        await using var hub = await FakeHub.StartAsync(409, Samples.Differs);

        var refusal = await Assert.ThrowsAsync<MoMoException>(() => Connect(hub).Payments.SendAsync(Samples.NewPayment()));

        Assert.Equal(HttpStatusCode.Conflict, refusal.Status);
        Assert.Equal("payment-differs", refusal.Code);
        Assert.Equal("QK1 was used with another amount. (payment-differs)", refusal.Message);
        Assert.Equal(["It was 1250.50."], refusal.Problem.Errors!["amount"]);
        Assert.Equal("Bearer momo_k", hub.Authorization);
    }

    [Theory]
    [InlineData(502, "text/html", "<html>bad gateway</html>")]
    [InlineData(502, "application/json", "[]")]
    [InlineData(502, "application/problem+json", "")]
    public async Task A_refusal_in_a_proxys_words_still_has_its_status(int status, string type, string body)
    {
        await using var hub = await FakeHub.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });

        var refusal = await Assert.ThrowsAsync<MoMoException>(() => Connect(hub).StatusAsync());

        Assert.Equal(status, (int)refusal.Status);
        Assert.Null(refusal.Code);
    }

    [Theory]
    [InlineData("<html>welcome</html>")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task An_answer_that_is_not_the_hubs_is_called_so(string body)
    {
        await using var hub = await FakeHub.StartAsync(200, body);

        var refusal = await Assert.ThrowsAsync<MoMoException>(() => Connect(hub).StatusAsync());

        Assert.Equal("answer-unreadable", refusal.Code);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_a_network_that_failed()
    {
        await using var hub = await FakeHub.StartAsync(context => HalfAsync(context, Task.CompletedTask));

        await Assert.ThrowsAsync<HttpRequestException>(() => Connect(hub).StatusAsync());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(409)]
    public async Task The_timeout_holds_up_to_the_end_of_an_answer(int status)
    {
        var over = new TaskCompletionSource();
        await using var hub = await FakeHub.StartAsync(context => HalfAsync(context, over.Task, status));
        http.Timeout = TimeSpan.FromSeconds(1);

        var late = await Assert.ThrowsAsync<TaskCanceledException>(() => Connect(hub).StatusAsync());

        Assert.IsType<TimeoutException>(late.InnerException);
        over.SetResult();
    }

    [Fact]
    public async Task Lists_follow_the_cursor_and_keep_their_filters()
    {
        await using var hub = await FakeHub.StartAsync(context => FakeHub.AnswerAsync(
            context,
            200,
            context.Request.Query["after"] == "a b"
                ? $$"""{"items":[{{Samples.PaymentInSuspense}}]}"""
                : $$"""{"items":[{{Samples.Payment}}],"next":"a b"}"""));
        var query = new PaymentQuery { AccountId = "a&b", From = new(2026, 1, 1, 3, 0, 0, TimeSpan.FromHours(3)) };

        var ids = await Connect(hub).Payments.ListAsync(query, pageSize: 1).Select(payment => payment.Id).ToListAsync();

        Assert.Equal(["p1", "p2"], ids);
        Assert.Equal(
            [
                "GET /v1/payments?account_id=a%26b&from=2026-01-01T00%3A00%3A00Z&limit=1",
                "GET /v1/payments?account_id=a%26b&from=2026-01-01T00%3A00%3A00Z&limit=1&after=a%20b",
            ],
            hub.Requests);
    }

    [Fact]
    public async Task Changes_and_deletions_say_which_version_was_seen()
    {
        await using var hub = await FakeHub.StartAsync(
            200, """{"id":"x","account_id":"acme","created_at":"2026-01-31T12:00:00Z","version":4}""");
        var references = Connect(hub).References;

        await references.SetAsync("acme", "meter/1 a", new ReferenceSpec { Name = "A" }, 3);
        await references.DeleteAsync("acme", "x", 4);

        Assert.Equal(
            [
                "PUT /v1/accounts/acme/references/meter%2F1%20a If-Match \"3\"",
                "DELETE /v1/accounts/acme/references/x If-Match \"4\"",
            ],
            hub.Requests);
    }

    [Fact]
    public void A_field_that_is_missing_has_its_default()
    {
        Assert.Null(Read("""{"name":"n","psp":"p"}""", MoMoJson.Default.AdapterSpec).Format);
        Assert.Equal("webhook", Read("""{"url":"u","kind":null}""", MoMoJson.Default.DestinationSpec).Kind);
        Assert.Empty(Read(Samples.PaymentInSuspense, MoMoJson.Default.PaymentView).Decision);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task An_id_that_would_name_another_resource_is_not_sent(string id)
    {
        await using var hub = await FakeHub.StartAsync(200, "{}");

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Connect(hub).Psps.DeleteAsync(id, 1));

        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task The_proof_comes_byte_for_byte()
    {
        byte[] proof = [0, 255, 13, 10, 26];
        await using var hub = await FakeHub.StartAsync(context => context.Response.Body.WriteAsync(proof).AsTask());
        using var copy = new MemoryStream();

        await Connect(hub).Payments.CopyProofAsync("p1", copy);

        Assert.Equal(proof, copy.ToArray());
    }

    private static async Task HalfAsync(HttpContext context, Task then, int status = 200)
    {
        context.Response.ContentLength = 1_000; // the server closes what stays shorter than it said
        await FakeHub.AnswerAsync(context, status, """{"status":"o""");
        await context.Response.Body.FlushAsync();
        await then;
    }

    private static T Read<T>(string json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)!;

    private MoMoClient Connect(FakeHub hub)
    {
        http.BaseAddress = hub.Url;
        return new MoMoClient(http, new MoMoClientOptions { Key = "momo_k" });
    }
}
