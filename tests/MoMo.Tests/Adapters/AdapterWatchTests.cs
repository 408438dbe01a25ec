using Microsoft.Extensions.Logging.Abstractions;
using MoMo.Domain.Adapters;
using MoMo.Storage;
using MoMo.Storage.Adapters;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Adapters;

/// <summary>Weeks of an adapter's life on a clock that stands still until told, with the counts in a real database.</summary>
public sealed class AdapterWatchTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
    private TestDatabase made = null!;
    private NpgsqlDataSource database = null!;
    private AdapterFlow flow = null!;
    private StoredAdapters adapters = null!;
    private AdapterStateStore states = null!;

    public async Task InitializeAsync()
    {
        made = await JournalHost.PrepareAsync(1);
        database = NpgsqlDataSource.Create(made.AppConnectionString);
        adapters = new StoredAdapters(database, clock, _ => { });
        var store = new AdapterStore(database, clock);
        foreach (var id in new[] { "busy", "quiet" })
        {
            Assert.NotNull((await store.CreateAsync(new AdapterDraft(id, "psp", id, "json", null, null, false), CancellationToken.None)).Accepted);
            await adapters.Of(id).Register(new AdapterSignal(null, null, TimeSpan.FromHours(1)));
        }

        (flow, states) = (new AdapterFlow(database, clock), new AdapterStateStore(database));
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task An_adapter_that_brings_nothing_when_it_usually_does_is_silent_until_it_pays_again()
    {
        // By day a payment a minute, by night none; the quiet one brings one a day.
        for (var hour = 0; hour < 24 * 21; hour++) await LiveAsync(hour);
        Assert.Equal("up", await StateAsync("busy"));

        // The fourth Monday: the night is as quiet as ever, but then nothing comes.
        for (var minutes = 0; minutes < 60 * 8; minutes += 10) await LookAsync(TimeSpan.FromMinutes(10));
        Assert.Equal("up", await StateAsync("busy"));
        for (var minutes = 0; minutes < 30; minutes += 5) await LookAsync(TimeSpan.FromMinutes(5));
        Assert.Equal("silent", await StateAsync("busy"));
        Assert.Equal("up", await StateAsync("quiet"));

        flow.Add("busy", taken: true);
        await LookAsync(TimeSpan.FromMinutes(1));
        await LookAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("up", await StateAsync("busy"));
        Assert.Equal(["silent up", "up silent", "new up"], (await states.ListAsync("busy", null, 10, CancellationToken.None)).Select(one => $"{one.Previous} {one.State}"));
    }

    [Fact]
    public async Task What_can_not_be_counted_is_kept_for_as_long_as_it_would_be()
    {
        var owner = new NpgsqlConnectionStringBuilder(made.OwnerConnectionString).ConnectionString;
        await Support.Sql.DoAsync(owner, "ALTER TABLE adapter_counts RENAME TO gone");
        for (var day = 0; day < 10; day++)
        {
            flow.Add("busy", taken: true);
            await Assert.ThrowsAsync<PostgresException>(() => flow.FlushAsync(CancellationToken.None));
            clock.Advance(TimeSpan.FromDays(1));
        }

        await Support.Sql.DoAsync(owner, "ALTER TABLE gone RENAME TO adapter_counts");
        await flow.FlushAsync(CancellationToken.None);
        Assert.Equal(3L, await Support.Sql.AskAsync<long>(owner, "SELECT count(*) FROM adapter_counts"));
    }

    [Fact]
    public async Task An_adapter_whose_payments_are_refused_is_degraded_until_they_are_not()
    {
        for (var number = 0; number < 40; number++) flow.Add("busy", taken: number % 2 == 0);
        await LookAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("degraded", await StateAsync("busy"));
        await LookAsync(TimeSpan.FromMinutes(10));
        Assert.Equal("degraded", await StateAsync("busy"));
        await LookAsync(TimeSpan.FromMinutes(20));
        Assert.Equal("up", await StateAsync("busy"));
    }

    [Fact]
    public async Task The_history_of_states_is_never_changed()
    {
        await using var command = database.CreateCommand("UPDATE adapter_states SET state = 'up'");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private async Task LiveAsync(int hour)
    {
        if (hour % 24 == 12) flow.Add("quiet", taken: true);
        await LookAsync(TimeSpan.FromMinutes(3));
        for (var minute = 3; minute < 60; minute++)
        {
            if (hour % 24 is >= 8 and < 20) flow.Add("busy", taken: true);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private async Task LookAsync(TimeSpan later)
    {
        clock.Advance(later);
        using var watch = new AdapterWatch(database, new Agenda(database), adapters, flow, clock, NullLogger<AdapterWatch>.Instance);
        await watch.RunOnceAsync(CancellationToken.None);
    }

    private async Task<string> StateAsync(string id) => (await new AdapterStore(database, clock).FindAsync(id, CancellationToken.None))!.Liveness.State;
}
