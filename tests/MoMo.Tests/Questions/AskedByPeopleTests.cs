using MoMo.Tests.Support;

namespace MoMo.Tests.Questions;

/// <summary>What callbacks lost is found when somebody asks, and counted.</summary>
public sealed class AskedByPeopleTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    [Fact]
    public async Task A_lost_payment_is_found_and_counted_as_lost()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (lost, rung, announced, unpaid) = (AskingFixture.Fresh(), AskingFixture.Fresh(), AskingFixture.Fresh(), AskingFixture.Fresh());
        foreach (var one in (string[])[lost, rung, announced]) fixture.Psp.Says(one, AskingFixture.Mtn($"id-{one}"));
        fixture.Psp.Says(unpaid, AskingFixture.Mtn($"id-{unpaid}", "FAILED"));

        var asked = await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/status-questions", new { reference = lost });
        Assert.Equal((202, "operator", "waiting"), (asked.Status, asked.Text("origin"), asked.Text("state")));
        await fixture.RingAsync(path, rung, AskingFixture.Mtn($"id-{rung}"));
        await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/status-questions", new { reference = unpaid });
        using var system = fixture.Silo.As(await fixture.Hub.AddKeyAsync($"adapter:{adapter}"));
        var told = await system.PostAsync($"/v1/adapters/{adapter}/status-questions", new { reference = announced, after_seconds = 3_600 });
        Assert.Equal((202, "announced"), (told.Status, told.Text("origin")));
        Assert.True(told.Json.GetProperty("due_at").GetDateTimeOffset() > told.Json.GetProperty("created_at").GetDateTimeOffset().AddMinutes(59));

        foreach (var one in (string[])[lost, rung]) await fixture.UntilAsync(adapter, one, "found");
        await fixture.UntilAsync(adapter, unpaid, "failed");
        Assert.Equal(0, fixture.Psp.CountOf(announced));
        Assert.Equal("4 1 1 2 1 1 1", await CountsAsync(adapter));
        await fixture.HurryAsync(adapter, announced);
        await fixture.UntilAsync(adapter, announced, "found");
        Assert.Equal("4 1 0 3 1 2 1", await CountsAsync(adapter));
        Assert.Equal("0 0 0 0 0 0 0", await CountsAsync(adapter, "?to=2026-01-01T00:00:00Z"));

        var found = (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}/status-questions?state=found&limit=2")).Json;
        Assert.Equal(2, found.GetProperty("items").GetArrayLength());
        var next = (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}/status-questions?state=found&limit=2&after={found.GetProperty("next").GetString()}")).Json;
        Assert.Equal(1, next.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_payment_that_a_callback_had_told_of_is_no_lost_one()
    {
        var settings = new
        {
            doorbell = false, status_url = $"{fixture.Psp.Url}/status/{{reference}}", token_url = $"{fixture.Psp.Url}/collection/token/",
        };
        var (adapter, path) = await fixture.AddAsync("mtn-momo", settings, AskingFixture.MtnCredentials);
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/status-questions", new { reference });
        var question = await fixture.UntilAsync(adapter, reference, "found");
        Assert.False(question.GetProperty("made").GetBoolean());
        Assert.Equal("1 0 0 1 0 0 0", await CountsAsync(adapter));
    }

    [Fact]
    public async Task A_payment_that_was_taken_just_before_a_crash_is_still_known_as_found()
    {
        var (adapter, _) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/status-questions", new { reference });
        await fixture.UntilAsync(adapter, reference, "found");
        // As if the silo had died between the payment's commit and its note of it.
        await Sql.DoAsync(
            fixture.Silo.Database.AppConnectionString,
            $"UPDATE status_questions SET state = 'waiting', made = false, payment_id = NULL, asks = 0, tries = 0, ended_at = NULL WHERE adapter_id = '{adapter}'");
        await fixture.HurryAsync(adapter, reference);
        var question = await fixture.UntilAsync(adapter, reference, "found");
        Assert.True(question.GetProperty("made").GetBoolean());
        Assert.Equal("1 0 0 1 0 1 0", await CountsAsync(adapter));
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        Assert.Equal("in-use", (await fixture.Hub.SendAsync(HttpMethod.Delete, $"/v1/adapters/{adapter}", null)).Text("code"));
    }

    [Fact]
    public async Task An_answer_that_contradicts_a_payment_is_shown_to_people()
    {
        var settings = new
        {
            doorbell = false, status_url = $"{fixture.Psp.Url}/status/{{reference}}", token_url = $"{fixture.Psp.Url}/collection/token/",
        };
        var (adapter, path) = await fixture.AddAsync("mtn-momo", settings, AskingFixture.MtnCredentials);
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        fixture.Psp.Says(reference, AskingFixture.Mtn(id, amount: "999"));
        await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/status-questions", new { reference });
        await fixture.UntilAsync(adapter, reference, "conflict");
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}' AND amount_minor = 500"));
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}' AND why = 'payment-differs' AND payment_id IS NOT NULL"));
    }

    [Fact]
    public async Task What_can_not_be_asked_is_refused()
    {
        var (adapter, _) = await fixture.AddMtnAsync();
        var path = $"/v1/adapters/{adapter}/status-questions";
        foreach (var reference in (string[])["", "..", " ", new string('x', 201), "a\u0007b"])
            Assert.Equal("reference-malformed", (await fixture.Hub.PostAsync(path, new { reference })).Text("code"));
        Assert.Equal(["after_seconds", "reference"], (await fixture.Hub.PostAsync(path, new { reference = ".", after_seconds = 90_000 })).Fields);
        Assert.Equal(404, (await fixture.Hub.PostAsync("/v1/adapters/none/status-questions", new { reference = "x" })).Status);
        var (silent, _) = await fixture.AddAsync("mtn-momo", new { }, []);
        Assert.Equal("status-url-missing", (await fixture.Hub.PostAsync($"/v1/adapters/{silent}/status-questions", new { reference = "x" })).Text("code"));
        Assert.Equal(400, (await fixture.Hub.GetAsync($"{path}?state=lost")).Status);

        using var other = fixture.Silo.As(await fixture.Hub.AddKeyAsync($"adapter:{silent}"));
        Assert.Equal("adapter-unknown", (await other.PostAsync(path, new { reference = "x" })).Text("code"));
        Assert.Equal(403, (await other.GetAsync(path)).Status);
        using var account = fixture.Silo.As(await fixture.Hub.AddKeyAsync("account:acme"));
        Assert.Equal(403, (await account.PostAsync(path, new { reference = "x" })).Status);
    }

    private async Task<string> CountsAsync(string adapter, string query = "")
    {
        var counts = (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}/status-questions/counts{query}")).Json;
        return string.Join(' ', ((string[])["asked", "rung", "waiting", "found", "found_by_doorbell", "found_lost", "failed"]).Select(name => counts.GetProperty(name).GetInt64()));
    }
}
