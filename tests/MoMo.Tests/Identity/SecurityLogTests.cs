using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Identity;

/// <summary>Who asks for what is not theirs is logged: who, for what, of whom; and nothing of a customer.</summary>
public sealed class SecurityLogTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_log_names_the_key_and_the_account_and_no_customer()
    {
        using var folder = new TestFolder();
        await using var silo = new SiloProcess(output, folder.Path, await PostgresFixture.CreateDatabaseAsync());
        await silo.StartAsync();
        foreach (var account in (string[])["mine", "theirs"]) await silo.Hub.AddAccountAsync(account);
        using var mine = new HubClient(silo.Hub.Url, await silo.Hub.AddKeyAsync("account:mine"));

        Assert.Equal(404, (await mine.GetAsync("/v1/accounts/theirs/references/254700000001")).Status);
        Assert.Equal(404, (await mine.GetAsync("/v1/accounts/x%0D%0AForged%20line/references/254700000001")).Status);
        Assert.Equal(403, (await mine.GetAsync("/v1/messages/254700000001/content")).Status);

        await Eventually.TrueAsync(() => silo.Log.Contains("may not", StringComparison.Ordinal), () => "the log");
        var said = silo.Log.Split('\n').Where(line => line.Contains("Security:", StringComparison.Ordinal)).ToArray();
        Assert.EndsWith("Security: key account:mine asked for GET /v1/accounts/{account}/references/{reference} of account theirs, which is another's.", said[0].TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith("of account x  forged line, which is another's.", said[1].TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith("Security: key account:mine may not GET /v1/messages/{sha256}/content.", said[2].TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("254700000001", silo.Log, StringComparison.Ordinal);
    }
}
