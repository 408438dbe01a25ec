using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using MoMo.Edge.Psps.MPesa;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>M-Pesa's callbacks in Daraja's words: the question before the money moves, the news that it has.</summary>
public sealed class MPesaTests(HubFixture fixture) : IClassFixture<HubFixture>, IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "mpesa-ke");

    /// <summary>Daraja gives up on a validation after about 8 seconds.</summary>
    private static readonly TimeSpan DarajaPatience = TimeSpan.FromSeconds(8);

    private string path = "";

    private string adapter = "";

    public async Task InitializeAsync()
    {
        adapter = $"mpesa-{HubFixture.Fresh().ToLowerInvariant()}";
        await fixture.Hub.AddPspAsync(adapter);
        path = await AddAsync(adapter, new { addresses = new[] { "127.0.0.1" } });
        if ((await fixture.Hub.GetAsync("/v1/accounts/4001")).Status == 404) await fixture.Hub.AddAccountAsync("4001");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Money_that_moved_is_always_received_and_counted_once()
    {
        Assert.Equal("0 1", await ConfirmAsync("c2b_confirm_account_hash_ref.json"));
        Assert.Equal("0 1", await ConfirmAsync("c2b_confirm_duplicate_delivery.json"));
        Assert.Equal("0 1", await ConfirmAsync("c2b_confirm_same_id_other_amount.json"));
        Assert.Equal("0 2", await ConfirmAsync("c2b_confirm_buygoods_empty_ref.json"));
        Assert.Equal("0 3", await ConfirmAsync("c2b_confirm_two_hashes.json"));
        Assert.Equal("0 4", await ConfirmAsync("c2b_confirm_unicode_utf8_bom.json"));

        Assert.Equal(3, await CountAsync("account_id = '4001'"));
        Assert.Equal(1, await CountAsync("psp_reference = 'SGH31AA5TX' AND amount_minor = 125000 AND reference_id = 'INV-77'"));
        Assert.Equal(1, await CountAsync("reference_id = 'INV#77'"));
        Assert.Equal(1, await CountAsync("account_id IS NULL"));
        // The other amount is kept beside the first.
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}' AND why = 'payment-differs' AND payment_id IS NOT NULL"));
    }

    [Theory]
    [InlineData("c2b_reject_amount_negative.json")]
    [InlineData("c2b_reject_amount_thousands.json")]
    [InlineData("c2b_reject_amount_zero.json")]
    [InlineData("c2b_reject_time_month13.json")]
    [InlineData("reject_truncated.json")]
    public async Task What_cannot_be_read_makes_no_payment_and_is_kept_as_proof(string file)
    {
        Assert.Equal("1 0", await ConfirmAsync(file));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, file))));
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE sha256 = '\\x{sha256}'"));
    }

    [SharedDataFact]
    public async Task Every_sample_is_answered_in_Darajas_words()
    {
        foreach (var file in SharedData.Manifest("mpesa-ke").Select(row => row["file"]))
        {
            var bytes = SharedData.Read(file);
            var answer = await PostAsync($"{path}/confirmation", bytes);
            if (bytes.Length > C2bMessage.BodyMax) continue;
            Assert.True(answer.Status == 200, $"{file}: {answer}");
            // STK callbacks and results are received, too; what Daraja only answers to us is no callback.
            var verdict = SharedData.Reference("mobile-money.json", file).GetProperty("verdict").GetString();
            Assert.Equal(verdict is "reject" or "our_response" or "status_query_response" ? 1 : 0, answer.Json.GetProperty("ResultCode").GetInt32());
        }
    }

    [Fact]
    public async Task Nobody_learns_what_was_wrong_with_a_stranger()
    {
        var elsewhere = await AddAsync($"{adapter}-far", new { addresses = new[] { "192.0.2.1" } });
        var published = await AddAsync($"{adapter}-pub", null);
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, "c2b_confirm_account_hash_ref.json"));
        foreach (var wrong in (string[])[$"{path}x", $"/callbacks/{adapter}/", $"/callbacks/none/{path.Split('/')[^1]}", elsewhere, published])
            foreach (var kind in (string[])["confirmation", "validation"])
                Assert.Equal(404, (await PostAsync($"{wrong}/{kind}", bytes = [.. bytes, (byte)' '])).Status); // the same bytes are kept once
        Assert.Equal(0, await CountAsync("true"));
        // Whoever looks for the money finds what came, though.
        foreach (var unlisted in (string[])[$"{adapter}-far", $"{adapter}-pub"])
            Assert.Equal(2, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{unlisted}' AND why = 'address-refused' AND payment_id IS NULL"));
        Assert.Equal(0, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}'"));
        Assert.Equal(404, (await PostAsync($"{elsewhere}/confirmation", new byte[100_000])).Status);
    }

    [Fact]
    public async Task A_validation_is_answered_whatever_the_accounts_do()
    {
        Assert.Equal("0", await ValidateAsync(path, "4001#INV-1"));
        Assert.Equal("C2B00012", await ValidateAsync(path, "no such account"));
        // Addresses are compared without case: a question must never be taken for the news.
        Assert.Equal("0", (await PostAsync($"{path}/Validation", await File.ReadAllBytesAsync(Path.Combine(Folder, "c2b_confirm_account_hash_ref.json")))).Text("ResultCode"));
        Assert.Equal(1, (await PostAsync(path, await File.ReadAllBytesAsync(Path.Combine(Folder, "c2b_confirm_account_hash_ref.json")))).Json.GetProperty("ResultCode").GetInt32());
        Assert.Equal("C2B00013", (await PostAsync($"{path}/validation", await File.ReadAllBytesAsync(Path.Combine(Folder, "c2b_reject_amount_zero.json")))).Text("ResultCode"));
        Assert.Equal("C2B00016", (await PostAsync($"{path}/validation", await File.ReadAllBytesAsync(Path.Combine(Folder, "reject_truncated.json")))).Text("ResultCode"));

        // Who could know is dead. The configuration decides: yes unless told otherwise.
        var strict = await AddAsync($"{adapter}-strict", new { addresses = new[] { "127.0.0.0/8" }, when_unsure = "refuse" });
        fixture.Server.Hang("/lookup/dead");
        await fixture.Hub.AddAccountAsync("dead", fixture.Server.UrlOf("/lookup/dead").ToString());
        // A silo hears of a new account moments later.
        await Eventually.TrueAsync(
            async () => (await fixture.Hub.PostAsync("/v1/routing/dry-run", """{"text":"who"}""")).ToString().Contains("unanswered", StringComparison.Ordinal),
            () => "the new account to be asked");
        Assert.Equal("0", await ValidateAsync(path, "anybody"));
        Assert.Equal("C2B00016", await ValidateAsync(strict, "anybody"));
        Assert.Equal("0", await ValidateAsync(strict, "4001"));
        Assert.Equal(204, (await fixture.Hub.SendAsync(HttpMethod.Delete, "/v1/accounts/dead", null)).Status);
        Assert.Equal(0, await CountAsync("true"));
    }

    private async Task<string> AddAsync(string id, object? settings)
    {
        var made = await fixture.Hub.AddAdapterAsync(id, adapter, "mpesa-c2b", settings);
        return made.GetProperty("callback_path").GetString()!;
    }

    /// <summary>Sends a confirmation.</summary>
    /// <returns>The result's code, and how many payments the PSP has now.</returns>
    private async Task<string> ConfirmAsync(string file)
    {
        var answer = await PostAsync($"{path}/confirmation", await File.ReadAllBytesAsync(Path.Combine(Folder, file)));
        Assert.True(answer.Status == 200, answer.ToString());
        return $"{answer.Json.GetProperty("ResultCode").GetInt32()} {await CountAsync("true")}";
    }

    private async Task<string?> ValidateAsync(string to, string typed)
    {
        var message = JsonElement.Parse(await File.ReadAllBytesAsync(Path.Combine(Folder, "c2b_confirm_account_hash_ref.json")))
            .EnumerateObject().ToDictionary(field => field.Name, field => field.Name == "BillRefNumber" ? typed : field.Value.GetString());
        var answer = await PostAsync($"{to}/validation", JsonSerializer.SerializeToUtf8Bytes(message));
        Assert.True(answer.Status == 200, answer.ToString());
        return answer.Text("ResultCode");
    }

    private async Task<HubAnswer> PostAsync(string to, byte[] bytes)
    {
        using var stranger = fixture.Silo.As(null);
        using var body = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await stranger.SendAsync(HttpMethod.Post, to, body).WaitAsync(DarajaPatience);
    }

    private Task<long> CountAsync(string condition) => fixture.CountAsync($"payments WHERE psp_id = '{adapter}' AND {condition}");
}
