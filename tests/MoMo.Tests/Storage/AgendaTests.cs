using MoMo.Storage;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

public sealed class AgendaTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private NpgsqlDataSource database = null!;
    private Agenda agenda = null!;

    public async Task InitializeAsync()
    {
        database = NpgsqlDataSource.Create((await JournalHost.PrepareAsync(1)).AppConnectionString);
        agenda = new Agenda(database);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task What_is_due_is_claimed_by_one_and_the_longest_due_first()
    {
        for (var one = 0; one < 200; one++) await SetAsync($"k{one}", Now.AddSeconds(-one));
        await SetAsync("later", Now.AddSeconds(1));
        await SetAsync("never", null);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => agenda.ClaimAsync("test", 30, Lease, Now, CancellationToken.None)));
        var first = claimed.SelectMany(items => items).ToList();
        first.AddRange(await agenda.ClaimAsync("test", 200, Lease, Now, CancellationToken.None));

        Assert.Equal(200, first.Count);
        Assert.Equal(200, first.Select(item => item.Key).Distinct().Count());
        Assert.All(claimed, items => Assert.Equal(items.OrderBy(item => item.DueAt), items));
        Assert.Empty(await agenda.ClaimAsync("test", 200, Lease, Now, CancellationToken.None));
        Assert.Equal(Now.AddSeconds(1), await agenda.FindNextAsync("test", CancellationToken.None));
    }

    [Fact]
    public async Task A_lease_that_ended_is_claimed_again_and_its_first_holder_can_not_let_go()
    {
        await SetAsync("k", Now);
        var first = Assert.Single(await ClaimAsync(Now));
        Assert.Empty(await ClaimAsync(Now + Lease - TimeSpan.FromMilliseconds(1)));
        var second = Assert.Single(await ClaimAsync(Now + Lease));
        Assert.Equal(first.Lease + 1, second.Lease);

        Assert.False(await agenda.RenewAsync(first, Now + 10 * Lease, CancellationToken.None));
        Assert.False(await agenda.ReleaseAsync(first, null, CancellationToken.None));
        Assert.True(await agenda.RenewAsync(second, Now + 3 * Lease, CancellationToken.None));
        Assert.Empty(await ClaimAsync(Now + 2 * Lease));
        Assert.True(await agenda.ReleaseAsync(second, Now + 5 * Lease, CancellationToken.None));
        Assert.Empty(await ClaimAsync(Now + 4 * Lease));
        Assert.Single(await ClaimAsync(Now + 5 * Lease));
    }

    [Fact]
    public async Task What_has_nothing_to_do_sleeps_until_it_is_made_due()
    {
        await SetAsync("k", Now);
        Assert.True(await agenda.ReleaseAsync(Assert.Single(await ClaimAsync(Now)), null, CancellationToken.None));
        Assert.Null(await agenda.FindNextAsync("test", CancellationToken.None));
        Assert.Empty(await ClaimAsync(DateTimeOffset.MaxValue.AddYears(-1)));
        await SetAsync("k", Now);
        Assert.Single(await ClaimAsync(Now));

        await using var connection = await database.OpenConnectionAsync();
        await Agenda.RemoveAsync(connection, "test", "k", CancellationToken.None);
        Assert.Empty(await ClaimAsync(Now + Lease));
    }

    private Task<IReadOnlyList<AgendaItem>> ClaimAsync(DateTimeOffset now) => agenda.ClaimAsync("test", 10, Lease, now, CancellationToken.None);

    private async Task SetAsync(string key, DateTimeOffset? due)
    {
        await using var connection = await database.OpenConnectionAsync();
        await Agenda.SetAsync(connection, "test", key, due, CancellationToken.None);
    }
}
