using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Tests.Support;

namespace MoMo.Tests.Questions;

/// <summary>A callback that only rings makes no payment; what the PSP says when it is asked does, once.</summary>
public sealed class DoorbellTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    [Fact]
    public async Task The_PSPs_word_makes_the_payment_and_not_the_callbacks()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        var truth = AskingFixture.Mtn(id);
        fixture.Psp.Says(reference, truth);
        var lie = AskingFixture.Mtn(id, amount: "1000000");
        await fixture.RingAsync(path, reference, lie);

        var question = await fixture.UntilAsync(adapter, reference, "found");
        Assert.Equal(("doorbell", 1, true), (question.GetProperty("origin").GetString(), question.GetProperty("rings").GetInt32(), question.GetProperty("made").GetBoolean()));
        var payment = await fixture.PaymentAsync(question.GetProperty("payment_id").GetString()!);
        Assert.Equal(("500", "UGX", "acme", id), (
            payment.GetProperty("amount").GetString(), payment.GetProperty("currency").GetString(), payment.GetProperty("account_id").GetString(),
            payment.GetProperty("psp_reference").GetString()));
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        Assert.Equal(truth, Encoding.UTF8.GetString((await fixture.Hub.GetAsync($"/v1/payments/{payment.GetProperty("id").GetString()}/proof")).Bytes));
        var kept = Assert.Single((await fixture.Hub.GetAsync($"/v1/messages?adapter={adapter}")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(lie, Encoding.UTF8.GetString((await fixture.Hub.GetAsync($"/v1/messages/{kept.GetProperty("id").GetString()}/content")).Bytes));
        Assert.Contains(fixture.Psp.Headers, one => one.GetValueOrDefault("X-Target-Environment") == "mtnuganda" && one["Ocp-Apim-Subscription-Key"] == AskedPsp.Key);
        await Eventually.TrueAsync(() => fixture.Server.Received.Any(one => one.Payment == payment.GetProperty("id").GetGuid()), () => "the webhook");
    }

    [Fact]
    public async Task A_payment_that_is_pending_is_asked_for_again_with_the_same_token_and_repeated_rings_share_the_question()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id, "PENDING"));
        var before = fixture.Psp.Tokens;
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        var asked = await fixture.AskedAsync(adapter, reference, 1);
        Assert.Equal("waiting", asked.GetProperty("state").GetString());
        Assert.True(asked.GetProperty("due_at").GetDateTimeOffset() > asked.GetProperty("asked_at").GetDateTimeOffset());
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));

        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id, "FAILED"));
        await fixture.HurryAsync(adapter, reference);
        var question = await fixture.UntilAsync(adapter, reference, "found");
        Assert.Equal(3, question.GetProperty("rings").GetInt32());
        Assert.Equal(1, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}'"));
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        Assert.Equal(1, fixture.Psp.Tokens - before);
    }

    [Fact]
    public async Task A_payment_that_failed_becomes_a_notice()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id, "FAILED"));
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        await fixture.UntilAsync(adapter, reference, "failed");
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        Assert.Equal(1, await fixture.CountAsync($"message_notices WHERE adapter_id = '{adapter}' AND kind = 'failed'"));
    }

    [Fact]
    public async Task A_ring_after_the_end_asks_again_and_takes_nothing_twice()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        await fixture.UntilAsync(adapter, reference, "found");
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        await fixture.HurryAsync(adapter, reference);
        var question = await fixture.UntilAsync(adapter, reference, one => one.GetProperty("asked").GetInt32() == 2 && one.GetProperty("state").GetString() == "found");
        Assert.True(question.GetProperty("made").GetBoolean());
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
    }

    [Fact]
    public async Task A_ring_that_names_nothing_to_ask_for_is_kept_and_moves_nothing()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        using var stranger = fixture.Silo.As(null);
        Assert.Equal(200, (await stranger.PutAsync(path, AskingFixture.Mtn(AskingFixture.Fresh()))).Status);
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        Assert.Equal(0, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}'"));
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}'"));
        // Another path than the secret one is nobody's.
        Assert.Equal(404, (await stranger.PutAsync($"/v1/callbacks/{adapter}/wrong/{AskingFixture.Fresh()}", AskingFixture.Mtn("x"))).Status);
    }

    [Fact]
    public async Task A_ring_whose_body_can_not_be_read_asks_all_the_same()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        using var stranger = fixture.Silo.As(null);
        Assert.Equal(400, (await stranger.PutAsync($"{path}/{reference}", "{\"status\":")).Status);
        await fixture.UntilAsync(adapter, reference, "found");
    }

    [Fact]
    public async Task Nothing_final_in_time_is_given_up_and_shown()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id, "PENDING"));
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        await fixture.AskedAsync(adapter, reference, 1);
        await fixture.HurryAsync(adapter, reference, last: true);
        var question = await fixture.UntilAsync(adapter, reference, "given_up");
        Assert.False(question.TryGetProperty("due_at", out _));
        var kept = Assert.Single((await fixture.Hub.GetAsync($"/v1/messages?adapter={adapter}&why=status-given-up")).Json.GetProperty("items").EnumerateArray());
        var content = await fixture.Hub.GetAsync($"/v1/messages/{kept.GetProperty("id").GetString()}/content");
        Assert.Equal(reference, JsonElement.Parse(content.Bytes).GetProperty("reference").GetString());
        Assert.Equal(1, Counts(await fixture.Hub.GetAsync($"/v1/adapters/{adapter}/status-questions/counts"), "given_up"));
        Assert.Contains("momo_status_questions", Encoding.UTF8.GetString((await fixture.Hub.GetAsync("/metrics")).Bytes), StringComparison.Ordinal);

        // A person asks again, and now the PSP knows.
        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        Assert.Equal(202, (await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/status-questions", new { reference })).Status);
        await fixture.HurryAsync(adapter, reference);
        await fixture.UntilAsync(adapter, reference, "found");
    }

    [Theory]
    [InlineData("failing", "500")]
    [InlineData("unknown", "404")]
    [InlineData("huge", "longer than")]
    [InlineData("endless", "longer than")]
    [InlineData("slow", "within 2 s")]
    [InlineData("redirect", "redirect")]
    [InlineData("empty", "empty")]
    [InlineData("page", "can't be taken")]
    [InlineData("torn", "can't be taken")]
    public async Task An_answer_that_is_none_makes_nothing_and_is_asked_for_again(string trouble, string detail)
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Answers[reference] = http => AnswerAsync(trouble, http, id);
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        var question = await fixture.AskedAsync(adapter, reference, 1);
        Assert.Equal("waiting", question.GetProperty("state").GetString());
        Assert.Contains(detail, question.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));

        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        await fixture.HurryAsync(adapter, reference);
        await fixture.UntilAsync(adapter, reference, "found");
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
    }

    [Fact]
    public async Task A_token_that_ended_is_had_anew_and_one_that_is_refused_asks_nothing()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id, "PENDING"));
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        await fixture.AskedAsync(adapter, reference, 1);

        fixture.Psp.TokensEnded = fixture.Psp.Tokens;
        fixture.Psp.InsteadOfToken = () => Results.Text("{\"token_type\":\"access_token\"}", "application/json");
        await fixture.HurryAsync(adapter, reference);
        var question = await fixture.AskedAsync(adapter, reference, 2);
        Assert.Contains("holds no token", question.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Equal(1, fixture.Psp.CountOf(reference));

        fixture.Psp.InsteadOfToken = null;
        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        await fixture.HurryAsync(adapter, reference);
        await fixture.UntilAsync(adapter, reference, "found");
    }

    [Fact]
    public async Task A_PSP_that_is_away_is_left_alone_and_then_every_payment_is_found()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var references = Enumerable.Range(0, 20).Select(_ => AskingFixture.Fresh()).ToArray();
        foreach (var reference in references) fixture.Psp.Answers[reference] = _ => Task.FromResult(Results.StatusCode(503));
        await Task.WhenAll(references.Select(reference => fixture.RingAsync(path, reference, AskingFixture.Mtn(reference))));
        await Eventually.TrueAsync(
            async () => await fixture.CountAsync($"agenda WHERE key = '{adapter}' AND kind = 'status-questions' AND leased_until > now() + interval '10 s'") == 1,
            () => "it is not left alone");
        Assert.Equal(20, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}' AND state = 'waiting'"));

        foreach (var reference in references) fixture.Psp.Says(reference, AskingFixture.Mtn(reference));
        foreach (var reference in references) await fixture.HurryAsync(adapter, reference);
        await fixture.RestedAsync(adapter);
        await Eventually.TrueAsync(async () => await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'") == 20, () => "not all are found");
    }

    [Theory]
    [InlineData("http://10.1.2.3/status/{reference}", "a private network")]
    [InlineData("http://169.254.169.254/{reference}", "metadata")]
    public async Task Nobody_is_asked_in_private_networks(string url, string detail)
    {
        var (adapter, path) = await fixture.AddMtnAsync(url);
        var reference = AskingFixture.Fresh();
        await fixture.RingAsync(path, reference, AskingFixture.Mtn("x"));
        var question = await fixture.AskedAsync(adapter, reference, 1);
        Assert.Contains(detail, question.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.2.3", question.ToString(), StringComparison.Ordinal);
    }

    private static long Counts(HubAnswer answer, string name) => answer.Json.GetProperty(name).GetInt64();

    private static async Task<IResult> AnswerAsync(string trouble, HttpContext http, string id)
    {
        switch (trouble)
        {
            case "failing": return Results.Text(AskingFixture.Mtn(id), "application/json", statusCode: 500);
            case "unknown": return Results.StatusCode(404);
            case "huge": return Results.Text($"{AskingFixture.Mtn(id)}{new string(' ', 1 << 20)}", "application/json");
            case "redirect": return Results.Redirect("http://10.1.2.3/");
            case "empty": return Results.Text("");
            case "page": return Results.Text("<html>maintenance</html>", "text/html");
            case "torn": return Results.Text(AskingFixture.Mtn(id)[..^5], "application/json");
            case "endless":
                // No length is told.
                await http.Response.StartAsync();
                for (var piece = 0; piece < 1_000 && !http.RequestAborted.IsCancellationRequested; piece++) await http.Response.WriteAsync(new string(' ', 1_000));
                return Results.Empty;
            default:
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return Results.Empty;
        }
    }
}
