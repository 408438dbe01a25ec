using MoMo.Engine;
using MoMo.Storage.Files;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>Years of files, of which hardly any is unfinished.</summary>
public sealed class FileListTests : IAsyncLifetime
{
    private TestDatabase database = null!;
    private NpgsqlDataSource source = null!;
    private FileStore files = null!;

    public async Task InitializeAsync()
    {
        database = await JournalHost.PrepareAsync(1);
        await Sql.DoAsync(
            database.OwnerConnectionString,
            """
            INSERT INTO adapters (id, psp_id, name, format, created_at) VALUES ('x', 'psp', 'X', 'csv', now()), ('y', 'psp', 'Y', 'csv', now());
            INSERT INTO files (id, adapter_id, sha256, size, packs, state, rereading, received_at)
            SELECT lpad(to_hex(n), 32, '0')::uuid, CASE WHEN n % 2 = 0 THEN 'x' ELSE 'y' END, sha256(n::text::bytea), 1, '{1}',
                CASE WHEN n = 19000 THEN 'reading' ELSE 'taken' END, n = 19001, '2026-01-01'
            FROM generate_series(1, 20000) n;
            ANALYZE files;
            """);
        source = NpgsqlDataSource.Create(database.AppConnectionString);
        files = new FileStore(source, new Ids(), TimeProvider.System);
    }

    public async Task DisposeAsync() => await source.DisposeAsync();

    [Fact]
    public async Task Those_whose_reading_did_not_end_are_found_without_reading_the_others()
    {
        var found = await files.UnfinishedAsync(TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.Equal(2, found.Count);
        await Eventually.TrueAsync(
            () => Sql.AskAsync<bool>(database.OwnerConnectionString, "SELECT idx_scan > 0 FROM pg_stat_user_indexes WHERE indexrelname = 'files_unfinished'"),
            () => "the index to be used");
        Assert.Equal(0L, await Sql.AskAsync<long>(database.OwnerConnectionString, "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'files_pkey'"));
    }

    [Theory]
    [InlineData(null, null, 20000, 19999)]
    [InlineData("y", null, 19999, 19997)]
    [InlineData(null, 10, 9, 8)]
    [InlineData("x", 10, 8, 6)]
    public async Task They_are_listed_by_adapter_and_page(string? adapter, int? after, int first, int second)
    {
        var page = (await files.ListAsync(adapter, after is { } last ? Id(last) : null, 2, CancellationToken.None)).Accepted!;
        Assert.Equal([Id(first), Id(second)], page.Select(file => file.Id));
    }

    [Fact]
    public async Task A_list_that_takes_too_long_is_refused()
    {
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, "LOCK TABLE files IN ACCESS EXCLUSIVE MODE"))
            Assert.Equal("list-too-wide", (await files.ListAsync("x", null, 2, CancellationToken.None)).Refused!.Code);
    }

    private static Guid Id(int number) => new(number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture));
}
