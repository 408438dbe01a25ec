using System.Security.Cryptography;
using MoMo.Storage;
using MoMo.Storage.Management;
using MoMo.Storage.Secrets;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>Whether a silo has the keys of the hub's secrets is known before it takes any work.</summary>
public sealed class SecretMarksTests : IAsyncLifetime
{
    private readonly string first = NewKey("k1");
    private readonly string second = NewKey("k2");
    private TestDatabase database = null!;
    private NpgsqlDataSource app = null!;

    public async Task InitializeAsync()
    {
        database = await PostgresFixture.CreateDatabaseAsync();
        app = NpgsqlDataSource.Create(database.AppConnectionString);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Another_key_of_that_name_is_refused_and_changes_nothing()
    {
        await StartAsync(first);
        var before = await MarksAsync();
        await RefusedAsync("The secrets of this database are sealed with another key 'k1' than the one in MoMo:SecretKeys.", NewKey("k1"));
        await RefusedAsync("The secrets of this database are sealed with a key 'k1', which is not in MoMo:SecretKeys.", second);
        Assert.Equal(before, await MarksAsync());
        await StartAsync(first);
        Assert.Equal(before, await MarksAsync());
        Assert.DoesNotContain(first[3..], before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_silos_that_start_together_with_keys_of_their_own_one_starts()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await StartAsync(NewKey("k1"));
                return true;
            }
            catch (SecretException)
            {
                return false;
            }
        }));
        Assert.Single(started, true);
    }

    [Fact]
    public async Task A_key_is_replaced_while_silos_with_the_old_one_run_and_start()
    {
        await StartAsync(first);
        await SealAsync("d1", first);
        await StartAsync(first, second); // every silo knows it before any seals with it
        await StartAsync(first);
        await StartAsync(second, first);
        await StartAsync(first, second); // not restarted in the same order everywhere
        await StartAsync(second, first);
        await RefusedAsync("The secrets of this database are sealed with a key 'k2', which is not in MoMo:SecretKeys.", first);
        await RefusedAsync("The secrets of this database are sealed with a key 'k1', which is not in MoMo:SecretKeys.", second);
        await SealAsync("d1", second);
        await StartAsync(second); // nothing needs the old one any more
        await RefusedAsync("The secrets of this database are sealed with another key 'k1' than the one in MoMo:SecretKeys.", second, NewKey("k1"));
    }

    [Theory]
    [InlineData("destinations", "UPDATE destinations SET secret = NULL, old_secret = secret, old_secret_until = now() + interval '1 hour'", true)]
    [InlineData("destinations", "UPDATE destinations SET secret = NULL, old_secret = secret, old_secret_until = now() - interval '1 hour'", false)]
    [InlineData("destinations", "UPDATE destinations SET secret = NULL, credentials = secret", true)]
    [InlineData("adapter_credentials", "DELETE FROM destinations WHERE id = 'd1'", true)]
    [InlineData("channels", "DELETE FROM destinations WHERE id = 'd1'", true)]
    public async Task Whatever_is_still_opened_keeps_its_key(string table, string change, bool kept)
    {
        await StartAsync(first);
        await SealAsync("d1", first);
        await Sql.DoAsync(
            database.OwnerConnectionString,
            table switch
            {
                "adapter_credentials" => $"""
                    {Adapter}; {change};
                    INSERT INTO adapter_credentials (adapter_id, name, sealed, set_at) VALUES ('a', 'n', '{Sealed("adapter:a/n", first)}', now())
                    """,
                "channels" => $$"""
                    {{Adapter}}; {{change}};
                    INSERT INTO channels (adapter_id, kind, settings, channel_secret, created_at)
                    VALUES ('a', 'sftp', '{}', '{{Sealed("channel:a", first)}}', now())
                    """,
                _ => change,
            });
        await StartAsync(second, first);
        if (kept) await RefusedAsync("The secrets of this database are sealed with a key 'k1', which is not in MoMo:SecretKeys.", second);
        else await StartAsync(second);
        Assert.Equal(0, await Sql.AskAsync<long>(database.OwnerConnectionString, "SELECT count(*) FROM secret_keys WHERE lost"));
    }

    [Fact]
    public async Task A_hub_of_an_earlier_version_is_taken_over_by_who_can_open_its_secrets()
    {
        await SealAsync("d1", first);
        await SealAsync("d2", second);
        await Sql.DoAsync(
            database.OwnerConnectionString,
            "INSERT INTO destinations (account_id, id, kind, url, secret, created_at) VALUES ('a0', 'd3', 'webhook', 'http://d3', 's', now())");
        await RefusedAsync("The secrets of this database are sealed with another key 'k1' than the one in MoMo:SecretKeys.", NewKey("k1"), second);
        await RefusedAsync("The secrets of this database are sealed with a key 'k1', which is not in MoMo:SecretKeys.", second);
        Assert.Equal("", await MarksAsync());
        await StartAsync(second, first);
        await RefusedAsync("The secrets of this database are sealed with another key 'k1' than the one in MoMo:SecretKeys.", second, NewKey("k1"));
    }

    [Fact]
    public async Task What_a_row_was_changed_to_by_somebody_keeps_no_hub_from_starting()
    {
        await SealAsync("d1", first);
        await SealAsync("d2", first);
        await Sql.DoAsync(database.OwnerConnectionString, "UPDATE destinations SET secret = left(secret, -4) || 'AAAA' WHERE id = 'd1'");
        await StartAsync(first);
    }

    [Theory]
    [InlineData("k1")]
    [InlineData("k9")]
    public async Task Keys_that_are_lost_are_given_up_when_people_say_so(string id)
    {
        await StartAsync(first);
        await SealAsync("d1", first);
        var other = NewKey(id);
        await RefusedAsync("The secrets of this database are sealed with", other);
        Assert.Equal(["k1"], await Marks(other).EnsureAsync(true, CancellationToken.None));
        await StartAsync(other); // said once
        await RefusedAsync("The secrets of this database are sealed with", NewKey(id));
        await SealAsync("d1", other);
        await StartAsync(other);
    }

    private const string Adapter = """
        INSERT INTO psps VALUES ('p', 'P', false, 1, now());
        INSERT INTO adapters (id, name, psp_id, format, created_at) VALUES ('a', 'A', 'p', 'json', now())
        """;

    private static string NewKey(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    private static string Sealed(string purpose, string key) => new SecretBox(SecretKeys.FromConfiguration([key])).Seal(purpose, "whsec_x");

    private SecretMarks Marks(params string[] keys) => new(app, SecretKeys.FromConfiguration(keys));

    private async Task StartAsync(params string[] keys) => Assert.Empty(await Marks(keys).EnsureAsync(false, CancellationToken.None));

    private async Task RefusedAsync(string why, params string[] keys)
    {
        var refused = await Assert.ThrowsAsync<SecretException>(() => Marks(keys).EnsureAsync(false, CancellationToken.None));
        Assert.StartsWith(why, refused.Message, StringComparison.Ordinal);
    }

    private Task<string> MarksAsync() =>
        Sql.AskAsync<string>(database.OwnerConnectionString, "SELECT coalesce(string_agg(secret_keys::text, ' ' ORDER BY id), '') FROM secret_keys");

    /// <summary>A destination whose secret is sealed as a silo with this key would.</summary>
    private Task SealAsync(string id, string key) => Sql.DoAsync(
        database.OwnerConnectionString,
        $"""
        INSERT INTO accounts (id, name, created_at) VALUES ('a0', 'A0', now()) ON CONFLICT DO NOTHING;
        INSERT INTO destinations (account_id, id, kind, url, secret, created_at)
        VALUES ('a0', '{id}', 'webhook', 'http://{id}', '{Sealed(DestinationStore.Purpose("a0", id), key)}', now())
        ON CONFLICT (account_id, id) DO UPDATE SET secret = excluded.secret
        """);
}
