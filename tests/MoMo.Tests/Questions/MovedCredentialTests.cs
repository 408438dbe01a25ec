using MoMo.Tests.Support;

namespace MoMo.Tests.Questions;

/// <summary>An adapter's credentials go to the servers that they were given for: who moves a URL must know what is sent to it.</summary>
public sealed class MovedCredentialTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    private const string Thief = "https://thief.example";

    [Fact]
    public async Task Each_credential_that_would_go_elsewhere_is_named_and_must_be_given_again()
    {
        var (adapter, _) = await fixture.AddMtnAsync();
        var (status, token) = ($"{fixture.Psp.Url}/status/{{reference}}", $"{fixture.Psp.Url}/collection/token/");
        // The token is had with the API's user and key, and goes where questions go.
        await RefusedAsync(adapter, Mtn($"{Thief}/status/{{reference}}", token), "credentials.api_key credentials.api_user credentials.subscription_key", "status_url");
        await RefusedAsync(adapter, Mtn(status, $"{Thief}/token"), "credentials.api_key credentials.api_user credentials.subscription_key", "token_url");
        await RefusedAsync(
            adapter, Mtn(status, $"{Thief}/token"), "credentials.api_user credentials.subscription_key", "token_url", new() { ["api_key"] = "k" });

        // Another path is no other server; and what is given anew, or taken away, is not what was stored.
        await SetAsync(adapter, Mtn($"{fixture.Psp.Url}/open/{{reference}}", $"{fixture.Psp.Url}/v2/token"));
        await SetAsync(
            adapter, Mtn($"{Thief}/status/{{reference}}", $"{Thief}/token"),
            new() { ["api_user"] = "u", ["api_key"] = "k", ["subscription_key"] = null });
        Assert.Equal(
            ["api_key", "api_user"],
            (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Json.GetProperty("credentials").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_credential_does_not_follow_by_a_header_or_in_two_steps()
    {
        var open = new { status_url = $"{fixture.Psp.Url}/open/{{tx_ref}}" };
        var (adapter, _) = await fixture.AddAsync("flutterwave-v3", open, new() { ["secret_hash"] = "hash", ["secret_key"] = AskedPsp.Key });
        await RefusedAsync(adapter, new { status_url = $"{Thief}/{{tx_ref}}" }, "credentials.secret_key", "status_url");
        // First a server that gets no credential, then a header that names one.
        await SetAsync(adapter, Headed("Authorization", "{secret_hash}"), new() { ["secret_hash"] = "another" });
        await RefusedAsync(adapter, Headed("Authorization", "{secret_key}"), "credentials.secret_key", "status_url");
        await SetAsync(adapter, null);
        await RefusedAsync(adapter, open, "credentials.secret_key", "status_url");
        await SetAsync(adapter, open, new() { ["secret_key"] = AskedPsp.Key });
    }

    private static object Headed(string name, string value) =>
        new { status_url = $"{Thief}/{{tx_ref}}", status_headers = new Dictionary<string, string> { [name] = value } };

    private static object Mtn(string status, string token) => new
    {
        status_url = status, token_url = token, status_headers = new Dictionary<string, string> { ["X-Target-Environment"] = "mtnuganda" },
    };

    private async Task RefusedAsync(string adapter, object settings, string fields, string setting, Dictionary<string, string?>? credentials = null)
    {
        var refused = await PutAsync(adapter, settings, credentials);
        Assert.Equal((422, fields), (refused.Status, string.Join(' ', refused.Fields.Order(StringComparer.Ordinal))));
        Assert.Contains($"{setting} leads to", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("Give it again in the same change", refused.ToString(), StringComparison.Ordinal);
    }

    private async Task SetAsync(string adapter, object? settings, Dictionary<string, string?>? credentials = null)
    {
        var set = await PutAsync(adapter, settings, credentials);
        Assert.True(set.Status == 200, set.ToString());
    }

    private async Task<HubAnswer> PutAsync(string adapter, object? settings, Dictionary<string, string?>? credentials)
    {
        var stored = (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Json;
        return await fixture.Hub.PutAsync(
            $"/v1/adapters/{adapter}", new { name = adapter, psp = adapter, format = stored.GetProperty("format").GetString(), settings, credentials });
    }
}
