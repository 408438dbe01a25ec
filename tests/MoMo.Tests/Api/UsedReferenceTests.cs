using MoMo.Cli;
using MoMo.Tests.Cli;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>A reference that payments have stays; it can be archived.</summary>
public sealed class UsedReferenceTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_reference_that_a_payment_found_can_only_be_archived()
    {
        var reference = await AddAsync("acme");
        Assert.Equal(201, (await Hub.PayAsync("psp", HubFixture.Fresh(), null, referenceId: reference.ToLowerInvariant())).Status);

        var refused = await DeleteAsync("acme", reference);
        Assert.Equal((409, "reference-in-use"), (refused.Status, refused.Text("code")));
        Assert.Contains("archive it instead", refused.Text("detail"), StringComparison.Ordinal);
        var removed = await CliRun.Of($"references|remove|acme|{reference}|--url|{Hub.Url}|--key|{fixture.Silo.Key}");
        Assert.Equal((ExitCode.Failed, ""), (removed.ExitCode, removed.Out));
        Assert.Contains("archive it instead", removed.Error, StringComparison.Ordinal);
        Assert.Contains("momo references set ACCOUNT ID --archived true", removed.Error, StringComparison.Ordinal);
        Assert.Equal(200, (await Hub.PutAsync($"/v1/accounts/acme/references/{reference}", new { archived = true })).Status);
    }

    [Fact]
    public async Task A_reference_that_an_operator_assigned_a_payment_to_can_not_be_deleted()
    {
        var reference = await AddAsync("acme");
        var lost = await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody");
        var order = new { accountId = "acme", referenceId = $" {reference} ", reason = "found by hand" };
        Assert.Equal(201, (await Hub.PostAsync($"/v1/suspense/{lost.Text("id")}/assign", order)).Status);
        Assert.Equal(409, (await DeleteAsync("acme", reference)).Status);
    }

    [Fact]
    public async Task What_only_another_account_has_payments_of_can_be_deleted()
    {
        var reference = await AddAsync("acme");
        await Hub.AddReferenceAsync("beta", reference);
        Assert.Equal(201, (await Hub.PayAsync("psp", HubFixture.Fresh(), "beta", referenceId: reference)).Status);
        Assert.Equal(204, (await DeleteAsync("acme", reference)).Status);
        Assert.Equal(409, (await DeleteAsync("beta", reference)).Status);
    }

    private async Task<string> AddAsync(string account)
    {
        var reference = HubFixture.Fresh();
        await Hub.AddReferenceAsync(account, reference);
        return reference;
    }

    private Task<HubAnswer> DeleteAsync(string account, string reference) =>
        Hub.SendAsync(HttpMethod.Delete, $"/v1/accounts/{account}/references/{reference}", null);
}
