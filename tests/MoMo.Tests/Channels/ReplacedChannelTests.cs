using MoMo.Domain.Channels;
using MoMo.Storage;
using MoMo.Storage.Channels;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Channels;

/// <summary>A look that lasts while its channel is taken away, and another put in its place.</summary>
public sealed class ReplacedChannelTests : IAsyncLifetime
{
    private static readonly ChannelHealth Health = new("failing", "old", 1, null, null);
    private NpgsqlDataSource source = null!;
    private ChannelStore channels = null!;
    private Agenda agenda = null!;

    public async Task InitializeAsync()
    {
        var database = await JournalHost.PrepareAsync(1);
        await Sql.DoAsync(database.AppConnectionString, "INSERT INTO adapters (id, psp_id, name, format, created_at) VALUES ('x', 'psp', 'X', 'csv', now())");
        source = NpgsqlDataSource.Create(database.AppConnectionString);
        (channels, agenda) = (new ChannelStore(source, TimeProvider.System), new Agenda(source));
    }

    public async Task DisposeAsync() => await source.DisposeAsync();

    [Fact]
    public async Task It_says_nothing_of_the_new_one_and_lets_go_of_nobodys_lease()
    {
        var (row, item) = await LookAsync("poll");
        await channels.RemoveAsync("x", CancellationToken.None);
        var (_, held) = await LookAsync("poll");

        Assert.NotEqual(item.Lease, held.Lease);
        Assert.False(await channels.MoveAsync(item, row, "far", CancellationToken.None));
        Assert.False(await channels.EndAsync(item, row, Health, Now.AddHours(1), CancellationToken.None));
        Assert.True(await agenda.RenewAsync(held, Now.AddMinutes(1), CancellationToken.None));
        await AssertUntouchedAsync();
    }

    [Fact]
    public async Task With_one_of_another_kind_in_its_place_it_lets_go_and_the_new_one_is_due()
    {
        var (row, item) = await LookAsync("poll");
        await SetAsync("sftp");
        await SetAsync("poll");

        Assert.False(await channels.MoveAsync(item, row, "far", CancellationToken.None));
        Assert.False(await channels.EndAsync(item, row, Health, Now.AddHours(1), CancellationToken.None));
        Assert.Single(await agenda.ClaimAsync(ChannelStore.AgendaKind, 10, TimeSpan.FromMinutes(1), Now, CancellationToken.None));
        await AssertUntouchedAsync();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task AssertUntouchedAsync()
    {
        var now = (await channels.FindAsync("x", CancellationToken.None))!;
        Assert.Equal((null, "new"), (now.Position, now.Health.State));
    }

    private async Task<ChannelRow> SetAsync(string kind) =>
        (await channels.SetAsync("x", kind, "{}", null, static _ => null, CancellationToken.None)).Accepted!;

    private async Task<(ChannelRow, AgendaItem)> LookAsync(string kind)
    {
        var row = await SetAsync(kind);
        return (row, Assert.Single(await agenda.ClaimAsync(ChannelStore.AgendaKind, 10, TimeSpan.FromMinutes(1), Now, CancellationToken.None)));
    }
}
