using MoMo.Domain;
using MoMo.Domain.Routing;
using MoMo.Storage.Catalog;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Routing;

/// <summary>Where more accounts could know than are asked, nobody says that a reference is one's alone, or nobody's.</summary>
public sealed class LookupRuleTests
{
    [Fact]
    public async Task Of_more_accounts_than_are_asked_nothing_is_concluded()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await AddAsync(database, "l", LookupRule.AccountsMax, "live");
        await AddAsync(database, "a", LookupRule.AccountsMax, "test"); // others' mode takes nobody's place
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        var (lookups, clock) = (new Knowing(), new FakeTimeProvider());
        var directory = new HubDirectory(source, new RuleReader(lookups), clock);
        lookups.Known["l7"] = ["seven", "both"];
        lookups.Known["l8"] = ["both"];
        Assert.Equal("found l7", await AskAsync("seven"));
        Assert.Equal("unknown ", await AskAsync("nobody's"));

        await AddAsync(database, "z", 1, "live");
        directory.Forget();
        Assert.Equal("unanswered  More than 1,000 accounts have a lookup URL; of the first 1,000, l7 knows reference 'seven'.", await AskAsync("seven", detailed: true));
        Assert.Equal("unanswered  More than 1,000 accounts have a lookup URL; of the first 1,000, none knows reference 'nobody's'.", await AskAsync("nobody's", detailed: true));
        Assert.Equal("ambiguous ", await AskAsync("both"));
        // Who is named is asked, wherever it stands.
        lookups.Known["z1"] = ["last"];
        Assert.Equal("found z1", await AskAsync("last", "z1"));

        async Task<string> AskAsync(string reference, string? account = null, bool detailed = false)
        {
            var rule = new LookupRule(lookups, LookupRule.DeadlineDefault);
            var finding = await rule.FindAsync(new RoutingQuery(account, reference, null, null), directory, CancellationToken.None);
            return $"{finding.Verdict.ToString().ToLowerInvariant()} {finding.AccountId}{(detailed ? $" {finding.Detail}" : "")}";
        }
    }

    private static Task AddAsync(TestDatabase database, string prefix, int count, string mode) => Sql.DoAsync(
        database.AppConnectionString,
        $"""
        INSERT INTO accounts (id, name, lookup_url, mode, created_at) SELECT id, id, 'http://127.0.0.1/' || id, '{mode}', now()
        FROM (SELECT '{prefix}' || n AS id FROM generate_series(1, {count}) AS n) AS a;
        INSERT INTO account_heads (account_id) SELECT id FROM accounts ON CONFLICT DO NOTHING;
        """);

    private sealed class Knowing : ILookupClient
    {
        public Dictionary<string, string[]> Known { get; } = [];

        public Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation) =>
            Task.FromResult(Known.GetValueOrDefault(url.AbsolutePath[1..])?.Contains(referenceId) == true ? LookupAnswer.Yes : LookupAnswer.No);
    }
}
