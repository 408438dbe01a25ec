using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Tests.Channels;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.MPesa;

/// <summary>Daraja's Pull Transactions API beside C2B callbacks: what they lost is found, what they brought is known, and nothing is asked without a token.</summary>
public sealed class DarajaPullTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    private static readonly object Secrets = new { client_id = DarajaApi.Key, client_secret = DarajaApi.Secret };
    private static int made;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task What_callbacks_lost_is_found_and_reported_and_what_they_brought_is_known()
    {
        await using var api = await DarajaApi.StartAsync();
        var (psp, path, pull) = await AddAsync();
        for (var one = 0; one < 5; one++) api.Paid[$"SLA{one}XYZ9"] = (Now.AddMinutes(-30 + one), $"{100 + one}.00", "acme#4711");
        // Three of them were confirmed; the rest was lost on the way.
        for (var one = 0; one < 3; one++) await ConfirmAsync(path, $"SLA{one}XYZ9", api.Paid[$"SLA{one}XYZ9"]);
        await fixture.SetAsync(pull, "poll", Settings(api), Secrets);
        await fixture.TakenAsync(pull, 3);

        var channel = await fixture.ChannelAsync(pull);
        Assert.Equal((2, 3), (channel.GetProperty("payments_new").GetInt32(), channel.GetProperty("payments_known").GetInt32()));
        Assert.Equal([0, 2, 4, 5], api.Asked.Take(4).Select(one => one.Offset));
        Assert.Equal(1, api.Tokens);
        Assert.Equal(5, await fixture.PaymentsAsync(psp));
        Assert.Equal(0, await fixture.CountAsync($"kept_messages WHERE adapter_id IN ('{psp}', '{pull}') AND why = 'payment-differs'"));
        Assert.Equal((0, 0, 0), await FileSumsAsync(pull));

        // It is the same payment, whoever told of it: same id, same account, same customer.
        var found = (await fixture.Hub.GetAsync($"/v1/payments?psp={psp}")).Json.GetProperty("items").EnumerateArray()
            .ToDictionary(one => one.GetProperty("psp_reference").GetString()!);
        Assert.Equal([psp, psp, psp, pull, pull], Enumerable.Range(0, 5).Select(one => found[$"SLA{one}XYZ9"].GetProperty("adapter").GetString()!));
        Assert.All(found.Values, one => Assert.Equal(("acme", "4711"), (one.GetProperty("account_id").GetString(), one.GetProperty("reference_id").GetString())));
        Assert.Equal("104.00", found["SLA4XYZ9"].GetProperty("amount").GetString());
        Assert.Equal("600638", found["SLA4XYZ9"].GetProperty("shortcode").GetString());

        // The callback that came late after all is a repeat.
        await ConfirmAsync(path, "SLA4XYZ9", api.Paid["SLA4XYZ9"]);
        Assert.Equal(5, await fixture.PaymentsAsync(psp));
        Assert.Equal(0, await fixture.CountAsync($"kept_messages WHERE adapter_id IN ('{psp}', '{pull}') AND why = 'payment-differs'"));
    }

    [Fact]
    public async Task A_token_that_has_run_out_is_replaced_whatever_the_refusal_is_called()
    {
        await using var api = await DarajaApi.StartAsync();
        var (psp, _, pull) = await AddAsync();
        await fixture.SetAsync(pull, "poll", Settings(api), Secrets);
        await fixture.UntilAsync(pull, channel => channel.GetProperty("state").GetString() == "working");
        await fixture.AnotherLookAsync(pull);
        Assert.Equal(1, api.Tokens);

        api.TokensEnded = 1;
        api.Paid["EXPIRED1"] = (Now.AddMinutes(-1), "10.00", "acme");
        await fixture.UntilAsync(pull, channel => channel.GetProperty("payments_new").GetInt64() == 1);
        Assert.Equal(2, api.Tokens);
        Assert.Equal(1, await fixture.PaymentsAsync(psp));

        // Wrong credentials: no token, and nothing secret is told.
        await fixture.SetAsync(pull, "poll", Settings(api), new { client_id = "consumer-k3y", client_secret = "wr0ng" });
        var tried = await fixture.TryAsync(pull);
        Assert.Equal("No token could be had. The server answers 400.", tried.Text("detail"));
        await fixture.UntilAsync(pull, channel => channel.GetProperty("state").GetString() == "failing");
        Assert.DoesNotContain("wr0ng", (await fixture.ChannelAsync(pull)).ToString(), StringComparison.Ordinal);

        // A token by POST with a form, as most others give it.
        await fixture.SetAsync(pull, "poll", Settings(api, token: "/oauth/post", method: "post"), Secrets);
        await fixture.UntilAsync(pull, channel => channel.GetProperty("state").GetString() == "working");
    }

    [Fact]
    public async Task A_server_that_does_not_come_to_an_end_neither_keeps_an_old_token_nor_the_channel_waiting()
    {
        await using var api = await DarajaApi.StartAsync();
        var (psp, _, pull) = await AddAsync();
        await fixture.SetAsync(pull, "poll", Settings(api), Secrets);
        await fixture.UntilAsync(pull, channel => channel.GetProperty("state").GetString() == "working");

        // It refuses the token, and what it says of it does not end: the refusal is told by its status.
        (api.RefusesForEver, api.TokensEnded) = (true, 1);
        api.Paid["ENDLESS1"] = (Now.AddMinutes(-1), "10.00", "acme");
        await fixture.UntilAsync(pull, channel => channel.GetProperty("payments_new").GetInt64() == 1);
        Assert.Equal((2, 1), (api.Tokens, await fixture.PaymentsAsync(psp)));

        // A token that never comes to its end: each of its bytes comes in time.
        await fixture.SetAsync(pull, "poll", Settings(api, token: "/oauth/dripping", method: "post"), Secrets);
        Assert.Equal("No token could be had. The server was too slow: it has 5 s.", (await fixture.TryAsync(pull)).Text("detail"));
    }

    [Fact]
    public async Task A_silo_that_starts_again_goes_on_where_the_last_one_was()
    {
        await using var api = await DarajaApi.StartAsync();
        using var data = new TestFolder();
        (string, string)[] settings = [("MoMo:Data", data.Path), ("MoMo:Channels:AllowedNetworks:0", "127.0.0.0/8"), ("MoMo:Channels:AllowedNetworks:1", "::1/128")];
        api.Paid["BEFORE1"] = (Now.AddMinutes(-90), "10.00", "acme");
        string position;
        TestDatabase database;
        await using (var silo = await SiloHost.StartAsync(null, settings))
        {
            database = silo.Database;
            using var hub = Of(silo);
            await hub.AddAccountAsync("acme");
            await hub.AddPspAsync("mobile");
            await hub.AddAdapterAsync("pull", "mobile", "mpesa-pull");
            Assert.Equal(200, (await hub.PutAsync("/v1/adapters/pull/channel", new { kind = "poll", settings = Settings(api), secret = Secrets })).Status);
            position = await UntilNewAsync(hub, 1);
        }

        api.Asked.Clear();
        api.Paid["AFTER1"] = (Now.AddSeconds(-1), "10.00", "acme");
        // Earlier than the overlap reaches back: only who forgot where it was would find it.
        api.Paid["LONGAGO1"] = (DateTimeOffset.Parse(position, CultureInfo.InvariantCulture).AddHours(-3), "10.00", "acme");
        await using var next = await SiloHost.StartAsync(database, settings);
        using var again = Of(next);
        await UntilNewAsync(again, 2);
        Assert.True(api.Asked.TryPeek(out var asked));
        Assert.Equal(DateTimeOffset.Parse(position, CultureInfo.InvariantCulture).AddMinutes(-60), asked.From, TimeSpan.FromSeconds(1));
        Assert.Equal(0, asked.Offset);

        HubClient Of(SiloHost silo) => silo.As(File.ReadAllText(Path.Combine(data.Path, "admin.key")).Trim());
    }

    [Fact]
    public async Task A_backfill_tells_what_callbacks_had_lost()
    {
        await using var api = await DarajaApi.StartAsync();
        var (psp, path, pull) = await AddAsync();
        await fixture.SetAsync(pull, "poll", Settings(api), Secrets);
        await fixture.UntilAsync(pull, channel => channel.GetProperty("state").GetString() == "working");
        for (var one = 0; one < 5; one++) api.Paid[$"BF{one}"] = (Now.AddHours(-30 + one), "55.50", "acme");
        await ConfirmAsync(path, "BF0", api.Paid["BF0"]);
        // Another amount than was confirmed: told, and the first stays.
        await ConfirmAsync(path, "BF1", api.Paid["BF1"] with { Amount = "55.51" });
        var asked = await fixture.Hub.PostAsync($"/v1/adapters/{pull}/channel/backfills", new { from = Now.AddHours(-36), to = Now.AddHours(-10) });
        Assert.True(asked.Status == 202, asked.ToString());

        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                found = (await fixture.Hub.GetAsync($"/v1/adapters/{pull}/channel/backfills")).Json.GetProperty("items")[0];
                return found.GetProperty("state").GetString() == "done";
            },
            () => found.ToString());
        Assert.Equal((3, 1, 1), (found.GetProperty("payments_new").GetInt32(), found.GetProperty("payments_known").GetInt32(), found.GetProperty("conflicts").GetInt32()));
        Assert.Equal(5, await fixture.PaymentsAsync(psp));
    }

    [Fact]
    public async Task What_is_no_answer_moves_nothing_on_and_no_row_is_missed_silently()
    {
        await using var api = await DarajaApi.StartAsync();
        var (psp, _, pull) = await AddAsync();
        api.Instead = () => DarajaApi.Says(new { ResponseCode = "500.001", ResponseMessage = "Service is unavailable" });
        await fixture.SetAsync(pull, "poll", Settings(api), Secrets);
        await fixture.UntilAsync(pull, channel => Detail(channel).Contains("no list at Response", StringComparison.Ordinal));
        api.Instead = () => DarajaApi.Says(new { requestId = "1", errorCode = "500.001.1001", errorMessage = "Internal error" }, 500);
        await fixture.UntilAsync(pull, channel => Detail(channel).Contains("answers 500", StringComparison.Ordinal));
        // It failed, and has an empty list all the same.
        api.Instead = () => DarajaApi.Says(new { ResponseCode = "500.001", ResponseMessage = "Down", Response = Array.Empty<object>() });
        await fixture.UntilAsync(pull, channel => Detail(channel).Contains("Daraja answers 500.001: Down", StringComparison.Ordinal));
        Assert.False((await fixture.ChannelAsync(pull)).TryGetProperty("position", out _));

        // That there is nothing may be said by an error.
        api.Instead = () => DarajaApi.Says(new { errorMessage = "Failed to retrieve transactions. The short code does not have any available transactions." }, 500);
        await fixture.UntilAsync(pull, channel => channel.TryGetProperty("position", out _));

        // Rows that are the same at every offset: more may be behind them.
        (api.Instead, api.IgnoresOffset) = (null, true);
        for (var one = 0; one < 3; one++) api.Paid[$"SAME{one}"] = (Now.AddMinutes(-5 + one), "10.00", "acme");
        await fixture.UntilAsync(pull, channel => Detail(channel).Contains("the same rows at every {offset}", StringComparison.Ordinal));
        api.IgnoresOffset = false;
        await fixture.UntilAsync(pull, channel => channel.GetProperty("state").GetString() == "working");
        Assert.Equal(3, await fixture.PaymentsAsync(psp));
    }

    [Fact]
    public async Task What_can_not_be_asked_is_refused_by_name()
    {
        var (_, _, pull) = await AddAsync();
        async Task<string[]> FieldsAsync(object settings, object? secret = null) =>
            (await fixture.Hub.PutAsync($"/v1/adapters/{pull}/channel", new { kind = "poll", settings, secret })).Fields;

        Assert.Equal(["items", "token_url", "url"], await FieldsAsync(new { url = "https://x.example/{offset}", auth = "oauth" }));
        Assert.Equal(["body", "nothing_when", "time_form", "time_zone", "token_method"], await FieldsAsync(new
        {
            url = "https://x.example/{from}/{to}", body = new { a = new[] { 1 } }, time_form = "lokal", time_zone = "Nairobi", token_method = "put",
            nothing_when = new { a = "*" },
        }));
        Assert.Equal(["items", "next", "token_url"], await FieldsAsync(new { url = "https://x.example/{cursor}", items = "a", token_url = "https://x.example" }));
        Assert.Equal(["next"], await FieldsAsync(new { url = "https://x.example/{from}/{to}/{offset}", items = "a", next = "b" }));
        Assert.Equal(["secret"], await FieldsAsync(new { url = "https://x.example/{from}/{to}" }, new { client_sekret = "x" }));
        await fixture.SetAsync(pull, "poll", new { url = "https://x.example/{from}/{to}", auth = "oauth", token_url = "https://x.example/t" }, new { client_id = "x" });
        Assert.Contains("no client_secret", (await fixture.TryAsync(pull)).Text("detail"), StringComparison.Ordinal);
    }

    private async Task<(string Psp, string Path, string Pull)> AddAsync()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"d{Interlocked.Increment(ref made)}");
        await fixture.Hub.AddPspAsync(id);
        var callback = await fixture.Hub.AddAdapterAsync(id, id, "mpesa-c2b", new { addresses = new[] { "127.0.0.0/8", "::1" } });
        await fixture.Hub.AddAdapterAsync($"{id}-pull", id, "mpesa-pull", new { shortcode = "600638" });
        return (id, callback.GetProperty("callback_path").GetString()!, $"{id}-pull");
    }

    private async Task ConfirmAsync(string path, string receipt, (DateTimeOffset At, string Amount, string Typed) paid)
    {
        using var daraja = fixture.Silo.As(null);
        var answer = await daraja.PostAsync($"{path}/confirmation", JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["TransactionType"] = "Pay Bill", ["TransID"] = receipt,
            ["TransTime"] = paid.At.ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
            ["TransAmount"] = paid.Amount, ["BusinessShortCode"] = "600638", ["BillRefNumber"] = paid.Typed, ["MSISDN"] = "2547 ***** 126", ["FirstName"] = "JANE",
        }));
        Assert.True(answer.Status == 200, answer.ToString());
    }

    /// <summary>Waits until the adapter pull found so many payments.</summary>
    /// <returns>Its position then.</returns>
    private static async Task<string> UntilNewAsync(HubClient hub, int count)
    {
        JsonElement channel = default;
        await Eventually.TrueAsync(
            async () =>
            {
                await hub.PostAsync("/v1/adapters/pull/channel/look", "{}");
                channel = (await hub.GetAsync("/v1/adapters/pull/channel")).Json;
                return channel.GetProperty("payments_new").GetInt64() == count && channel.TryGetProperty("position", out _);
            },
            () => channel.ToString());
        return channel.GetProperty("position").GetString()!;
    }

    private async Task<(long Suspense, long Conflicts, long Faults)> FileSumsAsync(string adapter)
    {
        async Task<long> SumAsync(string column) => await Sql.AskAsync<long>(
            fixture.ConnectionString, $"SELECT coalesce(sum({column}), 0)::bigint FROM files WHERE adapter_id = '{adapter}'");
        return (await SumAsync("suspense"), await SumAsync("conflicts"), await SumAsync("faults"));
    }

    private static string Detail(JsonElement channel) => channel.TryGetProperty("detail", out var detail) ? detail.GetString()! : "";

    private static object Settings(DarajaApi api, string token = "/oauth/v1/generate?grant_type=client_credentials", string method = "get") => new
    {
        url = $"{api.Url}/pulltransactions/v1/query",
        body = new Dictionary<string, string> { ["ShortCode"] = "600638", ["StartDate"] = "{from}", ["EndDate"] = "{to}", ["OffSetValue"] = "{offset}" },
        time_form = "local", time_zone = "Africa/Nairobi", window_hours = 24, overlap_minutes = 60, interval_seconds = 5,
        items = "Response",
        nothing_when = new Dictionary<string, string> { ["ResponseCode"] = "1001", ["errorMessage"] = "*any available transactions*" },
        auth = "oauth", token_url = $"{api.Url}{token}", token_method = method,
    };
}
