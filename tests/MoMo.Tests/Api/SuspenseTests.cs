using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Money that nobody could place: kept, listed, given to an account by a person, delivered like any other.</summary>
public sealed class SuspenseTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task What_is_assigned_gets_the_next_number_and_is_delivered()
    {
        var before = (await Hub.PayAsync("psp", HubFixture.Fresh(), "acme")).Json.GetProperty("sequence").GetInt64();
        var id = (await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody")).Text("id")!;
        Assert.Contains(id, await SuspendedAsync());

        var assigned = await Hub.PostAsync($"/v1/suspense/{id}/assign", new { accountId = "ACME", referenceId = "4711", reason = "The payer called." });
        Assert.True(assigned.Status == 201, assigned.ToString());
        Assert.Equal(("accepted", "acme", "4711"), (assigned.Text("status"), assigned.Text("account_id"), assigned.Text("reference_id")));
        Assert.Equal(before + 1, assigned.Json.GetProperty("sequence").GetInt64());
        Assert.EndsWith("administrator", assigned.Json.GetProperty("assignment").GetProperty("by").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(id, await SuspendedAsync());
        await fixture.Server.HasAsync(webhook => webhook.Payment == Guid.Parse(id) && webhook.Type == "payment.assigned", "the assigned payment's webhook");
        Assert.Equal(before + 2, (await Hub.PayAsync("psp", HubFixture.Fresh(), "acme")).Json.GetProperty("sequence").GetInt64());

        var again = await Hub.PostAsync($"/v1/suspense/{id}/assign", new { accountId = "acme", referenceId = "4711", reason = "Once more." });
        Assert.Equal(200, again.Status);
        var other = await Hub.PostAsync($"/v1/suspense/{id}/assign", new { accountId = "beta", reason = "No, theirs." });
        Assert.Equal((409, "payment-not-in-suspense"), (other.Status, other.Text("code")));
    }

    [Fact]
    public async Task Whom_the_sender_named_is_shown_to_whoever_assigns_it_and_to_no_account()
    {
        var taken = await Hub.PostAsync("/v1/payments", new
        {
            psp = "psp", pspReference = HubFixture.Fresh(), accountId = "Nobody", referenceId = "R 1", text = "gamma#7", shortcode = "174379", amount = "1", currency = "KES",
        });
        const string given = """{"account_id":"Nobody","reference_id":"R 1","text":"gamma#7","shortcode":"174379"}""";
        var (id, listed) = (taken.Text("id")!, await Hub.GetAsync("/v1/suspense"));
        Assert.Equal(given, Given(taken.Json));
        Assert.Equal(given, Given((await Hub.GetAsync($"/v1/payments/{id}")).Json));
        Assert.Equal(given, Given(listed.Json.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id)));

        Assert.Equal(given, Given((await Hub.PostAsync($"/v1/suspense/{id}/assign", new { accountId = "beta", reason = "They called." })).Json));
        using var beta = fixture.Silo.As(await Hub.AddKeyAsync("account:beta"));
        Assert.Null(Given((await beta.GetAsync($"/v1/payments/{id}")).Json));
        Assert.Null(Given((await Hub.PayAsync("psp", HubFixture.Fresh(), "ACME")).Json));
        Assert.Equal("""{"reference_id":"unknown"}""", Given((await Hub.PayAsync("psp", HubFixture.Fresh(), null, referenceId: "unknown")).Json));
    }

    [Fact]
    public async Task Of_many_who_assign_at_once_one_wins()
    {
        var id = (await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody")).Text("id")!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(n =>
            Hub.PostAsync($"/v1/suspense/{id}/assign", new { accountId = n % 2 == 0 ? "acme" : "beta", reason = "A race." })));
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 201 or 409, answer.ToString()));
        Assert.Equal(1, await fixture.CountAsync($"assignments WHERE payment_id = '{id}'"));
    }

    [Fact]
    public async Task What_cannot_be_assigned_says_why()
    {
        var id = (await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody")).Text("id")!;
        var owned = (await Hub.PayAsync("psp", HubFixture.Fresh(), "acme")).Text("id")!;
        Assert.Equal("422 account_id", await AssignAsync(id, "nobody", "Why not?"));
        Assert.Equal("422 reason", await AssignAsync(id, "acme", "."));
        Assert.Equal("409 ", await AssignAsync(owned, "beta", "It is theirs."));
        Assert.Equal("404 ", await AssignAsync("01a1fb98-0000-7000-8000-000000000000", "acme", "It is lost."));
        Assert.Equal("404 ", await AssignAsync("what", "acme", "It is lost."));
        Assert.Contains(id, await SuspendedAsync());
        var empty = await Hub.PostAsync($"/v1/suspense/{id}/assign", "{}");
        Assert.Equal((422, "account_id reason"), (empty.Status, string.Join(' ', empty.Fields.Order())));
    }

    [Fact]
    public async Task A_reference_is_trimmed_and_not_somebody_elses()
    {
        var id = (await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody")).Text("id")!;
        Assert.Equal("422 reference-elsewhere reference_id", await ReferAsync(id, "acme", "B-1"));
        Assert.Equal("422 reference-elsewhere reference_id", await ReferAsync(id, "beta", " 4711 "));
        Assert.Equal("422 assignment-malformed reference_id", await ReferAsync(id, "acme", "  "));
        // Registered by both, and by nobody: whoever assigns it knows.
        var other = (await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody")).Text("id")!;
        Assert.Equal("201  ", await ReferAsync(other, "beta", "0815"));
        Assert.Equal("201  ", await ReferAsync(id, "acme", " New One "));
        Assert.Equal("New One", (await Hub.GetAsync($"/v1/payments/{id}")).Text("reference_id"));
        Assert.Equal("200  ", await ReferAsync(id, "acme", "New One"));
        // What was done stays done, whoever registers the reference then.
        await Hub.AddReferenceAsync("beta", "New One");
        await Eventually.TrueAsync(
            async () => (await Hub.PostAsync("/v1/routing/dry-run", """{"reference_id":"New One"}""")).Text("account_id") == "beta", () => "the reference to be known");
        Assert.Equal("200  ", await ReferAsync(id, "acme", "New One"));
    }

    private async Task<string> ReferAsync(string id, string account, string reference)
    {
        var answer = await Hub.PostAsync($"/v1/suspense/{id}/assign", new { accountId = account, referenceId = reference, reason = "They called." });
        return $"{answer.Status} {(answer.Status > 299 ? answer.Text("code") : "")} {string.Join(' ', answer.Fields)}";
    }

    private static string? Given(JsonElement payment) => payment.TryGetProperty("given", out var given) ? given.GetRawText() : null;

    private async Task<string> AssignAsync(string id, string account, string reason)
    {
        var answer = await Hub.PostAsync($"/v1/suspense/{id}/assign", new { accountId = account, reason });
        return $"{answer.Status} {string.Join(' ', answer.Fields)}";
    }

    private async Task<string[]> SuspendedAsync() =>
        [.. (await Hub.GetAsync("/v1/suspense?limit=500")).Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
}
