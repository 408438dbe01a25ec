using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Identity;

public sealed class AdminKeyTests : IAsyncLifetime
{
    private readonly string folder = new TestFolder().Path;
    private TestDatabase made = null!;
    private NpgsqlDataSource database = null!;
    private KeyStore keys = null!;

    private string File => Path.Combine(folder, AdminKey.FileName);

    public async Task InitializeAsync()
    {
        made = await JournalHost.PrepareAsync(1);
        database = NpgsqlDataSource.Create(made.AppConnectionString);
        keys = new KeyStore(database, new FakeTimeProvider());
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task The_first_start_makes_it_and_later_starts_find_it()
    {
        var first = (await EnsureAsync(folder)).Accepted!;
        Assert.Equal(first + "\n", await System.IO.File.ReadAllTextAsync(File));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(first, (await EnsureAsync(folder)).Accepted);
        Assert.Equal(1L, await Sql.AskAsync<long>(made.AppConnectionString, "SELECT count(*) FROM api_keys"));

        System.IO.File.Delete(File);
        Assert.Equal("admin-key-absent", (await EnsureAsync(folder)).Refused!.Code);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Silos_that_start_at_once_make_one()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => EnsureAsync(new TestFolder().Path)));
        Assert.Equal(1, answers.Count(answer => answer.Accepted is not null));
        Assert.Equal(1L, await Sql.AskAsync<long>(made.AppConnectionString, "SELECT count(*) FROM api_keys"));
    }

    [Theory]
    [InlineData("UPDATE api_keys SET scopes = '{adapter}'; INSERT INTO api_keys VALUES ('x', 'x', '\\x00', '{admin}', now())")]
    [InlineData("UPDATE api_keys SET secret_sha256 = '\\x00'")]
    [InlineData("UPDATE api_keys SET id = 'abcdefghijkl'")]
    public async Task A_file_whose_key_is_no_administrators_is_refused(string meanwhile)
    {
        await EnsureAsync(folder);
        await Sql.DoAsync(made.AppConnectionString, meanwhile);
        Assert.Equal("admin-key-stale", (await EnsureAsync(folder)).Refused!.Code);
    }

    [Fact]
    public async Task No_key_is_made_that_can_not_be_kept()
    {
        await Assert.ThrowsAnyAsync<IOException>(() => EnsureAsync(Path.Combine(folder, "missing")));
        Assert.Equal(0L, await Sql.AskAsync<long>(made.AppConnectionString, "SELECT count(*) FROM api_keys"));
        Assert.NotNull((await EnsureAsync(folder)).Accepted);
    }

    [Fact]
    public async Task The_last_administrators_key_can_not_be_deleted_even_by_two_at_once()
    {
        var one = (await keys.CreateAsync("one", [Domain.Identity.Scope.Admin], CancellationToken.None)).Accepted!;
        var two = (await keys.CreateAsync("two", [Domain.Identity.Scope.Admin], CancellationToken.None)).Accepted!;
        var answers = await Task.WhenAll(
            keys.DeleteAsync(one.Id, VersionMatch.Any, CancellationToken.None), keys.DeleteAsync(two.Id, VersionMatch.Any, CancellationToken.None));
        Assert.Equal("admin-key-last", Assert.Single(answers, answer => answer.Refused is not null).Refused!.Code);
    }

    private Task<Engine.Outcome<string>> EnsureAsync(string dataFolder) => new AdminKey(keys).EnsureAsync(dataFolder, CancellationToken.None);
}
