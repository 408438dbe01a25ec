using System.Net.Http.Headers;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Selcom asks before money moves, in its own codes.</summary>
public sealed class SelcomQuestionTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task A_lookup_is_answered_by_who_is_known()
    {
        await fixture.Hub.AddPspAsync("selcom");
        var made = await fixture.Hub.PostAsync("/v1/adapters", new
        {
            id = "s", name = "S", psp = "selcom", format = "selcom", credentials = new Dictionary<string, string> { ["bearer_token"] = "tok" },
        });
        var path = made.Text("callback_path")!;
        Assert.Equal("200 000", await AskAsync($"{path}/lookup", "acme#1", "tok"));
        Assert.Equal("200 000", await AskAsync($"{path}/validation", "4711", "tok"));
        Assert.Equal("200 010", await AskAsync($"{path}/lookup", "nobody at all", "tok"));
        Assert.Equal("401 014", await AskAsync($"{path}/lookup", "acme#1", "token"));
        Assert.Equal(0, await fixture.CountAsync("payments WHERE psp_id = 'selcom'"));
    }

    private async Task<string> AskAsync(string path, string typed, string token)
    {
        using var stranger = fixture.Silo.As(null);
        stranger.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await stranger.PostAsync(path, new { transid = HubFixture.Fresh(), utilityref = typed, amount = "10", msisdn = "255712345678" });
        return $"{answer.Status} {answer.Text("resultcode")}";
    }
}
