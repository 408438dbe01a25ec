using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>Polling a web API: nothing is missed, nothing is taken twice, and a backfill tells what callbacks had lost.</summary>
public sealed class PollChannelTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    private static readonly object Format = new
    {
        items = "data.items", fields = new { psp_reference = "id", account_id = "account", paid_at = "at" }, only = new { status = "success" },
    };

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Every_page_is_taken_and_each_stretch_reaches_back_into_the_one_before()
    {
        await using var api = await PolledApi.StartAsync();
        var adapter = await fixture.AddAdapterAsync("json-list", Format);
        for (var one = 0; one < 5; one++) api.Transactions[$"T{one}"] = Now.AddMinutes(-20 + one);
        await fixture.SetAsync(adapter, "poll", Settings(api), new { token = "t0ken" });
        await fixture.TakenAsync(adapter, 3);
        Assert.Equal(5, await fixture.PaymentsAsync(adapter));

        // Appears late, with a time that was asked for before.
        var first = DateTimeOffset.Parse((await fixture.ChannelAsync(adapter)).GetProperty("position").GetString()!, CultureInfo.InvariantCulture);
        api.Asked.Clear();
        api.Transactions["late"] = first.AddMinutes(-10);
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("payments_new").GetInt64() == 6);
        Assert.True(api.Asked.TryPeek(out var asked));
        Assert.True(asked.From <= first.AddMinutes(-59), $"{asked.From:O} after {first:O}");
        Assert.Equal(6, await fixture.PaymentsAsync(adapter));
        Assert.Equal("working", (await fixture.ChannelAsync(adapter)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_stretch_that_fails_is_asked_for_again_and_the_position_waits()
    {
        await using var api = await PolledApi.StartAsync();
        var adapter = await fixture.AddAdapterAsync("json-list", Format);
        api.Transactions["T"] = Now.AddMinutes(-5);
        api.Instead = _ => Results.Text("<html>maintenance</html>", "text/html");
        await fixture.SetAsync(adapter, "poll", Settings(api), new { token = "t0ken" });
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("state").GetString() == "failing");
        Assert.False((await fixture.ChannelAsync(adapter)).TryGetProperty("position", out _));
        await StateAsync(adapter, "down");

        // The API works, but what it says can't be taken: nothing moves on, and somebody should look.
        api.Instead = _ => Results.Json(new { data = new { items = "none" } });
        await StateAsync(adapter, "degraded", "is refused");
        Assert.False((await fixture.ChannelAsync(adapter)).TryGetProperty("position", out _));
        api.Instead = http =>
        {
            http.Response.Headers.RetryAfter = "1";
            return Results.StatusCode(429);
        };
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("detail").GetString()!.Contains("429", StringComparison.Ordinal));
        await StateAsync(adapter, "down", "429");
        api.Instead = null;
        await fixture.TakenAsync(adapter, 1);
        Assert.Equal(1, await fixture.PaymentsAsync(adapter));
        await StateAsync(adapter, "up");
    }

    [Fact]
    public async Task A_backfill_reports_how_many_payments_callbacks_had_lost()
    {
        await using var api = await PolledApi.StartAsync();
        var adapter = await fixture.AddAdapterAsync("json-list", Format);
        await fixture.SetAsync(adapter, "poll", Settings(api), new { token = "t0ken" });
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("state").GetString() == "working");

        var day = new DateTimeOffset(Now.UtcDateTime.Date.AddDays(-9), TimeSpan.Zero);
        for (var one = 0; one < 7; one++) api.Transactions[$"B{one}"] = day.AddHours(one * 12);
        // Callbacks told of three of them.
        for (var one = 0; one < 3; one++) Assert.Equal(201, (await fixture.Hub.PayAsync(adapter, $"B{one}", "acme")).Status);
        var asked = await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/channel/backfills", new { from = day, to = day.AddDays(4) });
        Assert.True(asked.Status == 202, asked.ToString());

        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                found = (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}/channel/backfills")).Json.GetProperty("items").EnumerateArray().Single();
                return found.GetProperty("state").GetString() == "done";
            },
            () => found.ToString());
        Assert.Equal((4, 3, 0), (found.GetProperty("payments_new").GetInt32(), found.GetProperty("payments_known").GetInt32(), found.GetProperty("conflicts").GetInt32()));
        Assert.Equal(7, await fixture.PaymentsAsync(adapter));

        Assert.Equal("backfill-range", (await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/channel/backfills", new { from = day, to = day })).Text("code"));
        var (folder, _) = await fixture.WatchAsync();
        Assert.Equal("backfill-impossible", (await fixture.Hub.PostAsync($"/v1/adapters/{folder}/channel/backfills", new { from = day })).Text("code"));
    }

    [Fact]
    public async Task A_cursor_is_remembered_and_the_last_page_is_asked_for_again()
    {
        await using var api = await PolledApi.StartAsync();
        var adapter = await fixture.AddAdapterAsync("json-list", Format);
        for (var one = 0; one < 3; one++) api.Transactions[$"C{one}"] = Now.AddDays(-30 + one);
        await fixture.SetAsync(adapter, "poll", new { url = $"{api.Url}/log?after={{cursor}}", next = "paging.next", interval_seconds = 5 });
        await fixture.TakenAsync(adapter, 2);
        Assert.Equal("2", (await fixture.ChannelAsync(adapter)).GetProperty("position").GetString());

        api.Asked.Clear();
        api.Transactions["C3"] = Now.AddDays(-2);
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("payments_new").GetInt64() == 4);
        Assert.True(api.Asked.TryPeek(out var asked));
        Assert.Equal("2", asked.Cursor);
        Assert.Equal(4, await fixture.PaymentsAsync(adapter));
    }

    [Fact]
    public async Task What_is_wrong_is_told_without_secrets_and_nothing_leads_elsewhere()
    {
        await using var api = await PolledApi.StartAsync();
        var adapter = await fixture.AddAdapterAsync("json-list", Format);
        await fixture.SetAsync(adapter, "poll", Settings(api), new { token = "wrong-s3cret" });
        var tried = await fixture.TryAsync(adapter);
        Assert.Contains("401", tried.Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", tried.ToString(), StringComparison.Ordinal);

        await fixture.SetAsync(adapter, "poll", Settings(api), new { token = "t0ken" });
        api.Instead = _ => Results.Redirect("http://127.0.0.1:1/");
        Assert.Contains("redirect", (await fixture.TryAsync(adapter)).Text("detail"), StringComparison.Ordinal);
        foreach (var (next, refusal) in ((string, string)[])[(new string('7', 2_001), "more than 2,000 characters"), ("7\0", "a control character")])
        {
            api.Instead = _ => Results.Json(new { data = new { items = Array.Empty<object>() }, paging = new { next } });
            Assert.Contains(refusal, (await fixture.TryAsync(adapter)).Text("detail"), StringComparison.Ordinal);
        }

        api.Instead = _ => Results.Json(new { data = new { items = Array.Empty<object>() }, paging = new { next = "http://127.0.0.1:1/tx" } });
        await fixture.UntilAsync(adapter, channel => channel.TryGetProperty("detail", out var detail) && detail.GetString()!.Contains("another server", StringComparison.Ordinal));
        api.Instead = null;
        Assert.True((await fixture.TryAsync(adapter)).Json.GetProperty("works").GetBoolean());
        var refused = await fixture.Hub.PutAsync($"/v1/adapters/{adapter}/channel", new { kind = "poll", settings = new { url = "ftp://x/{from}", auth = "magic" }, secret = new { tokn = "x" } });
        Assert.Equal(["auth", "secret", "url"], refused.Fields);
        Assert.DoesNotContain("\"x\"", refused.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Looks until the adapter is in a state for this reason.</summary>
    private async Task StateAsync(string adapter, string state, string? detail = null)
    {
        HubAnswer? shown = null;
        await Eventually.TrueAsync(
            async () =>
            {
                await fixture.LookAsync(adapter);
                shown = await fixture.Hub.GetAsync($"/v1/adapters/{adapter}");
                return shown.Text("state") == state && (detail is null || shown.Text("state_detail")?.Contains(detail, StringComparison.Ordinal) == true);
            },
            () => $"not {state}: {shown}");
    }

    private static object Settings(PolledApi api) => new
    {
        url = $"{api.Url}/tx?from={{from}}&to={{to}}&cursor={{cursor}}", next = "paging.next", auth = "bearer", window_hours = 24, overlap_minutes = 60, interval_seconds = 5,
    };
}
