using MoMo.Engine;

namespace MoMo.Tests.Api;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["account_id", "reference_id", "psp", "psp_reference", "amount", "currency", "after", "limit", "dry_run", "payer.name"];

    [Theory]
    [InlineData("acount_id", "account_id")]
    [InlineData("accountId", "account_id")]
    [InlineData("ACCOUNT-ID", "account_id")]
    [InlineData("account", "account_id")]
    [InlineData("ref", "reference_id")]
    [InlineData("refernece_id", "reference_id")]
    [InlineData("pps", "psp")]
    [InlineData("ammount", "amount")]
    [InlineData("curency", "currency")]
    [InlineData("limt", "limit")]
    [InlineData("dryrun", "dry_run")]
    [InlineData("payer_name", "payer.name")]
    [InlineData("colour", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("___", null)]
    public void Finds_what_was_meant_or_nothing(string typed, string? meant)
    {
        Assert.Equal(meant, NearestName.Of(typed, Known));
        Assert.Equal(meant is null ? "" : $" Did you mean {meant}?", NearestName.Hint(typed, Known));
    }

    [Fact]
    public void Looks_at_no_endless_names_and_needs_none() =>
        Assert.Null(NearestName.Of(new string('a', 100_000), ["aaa"]) ?? NearestName.Of("amount", []));
}
