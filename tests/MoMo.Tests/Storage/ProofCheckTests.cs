using MoMo.Engine;
using MoMo.Storage;
using MoMo.Storage.Files;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>Law 6: who changes what was kept, past all that forbids it, is found by <c>momo verify</c>.</summary>
public sealed class ProofCheckTests : IAsyncLifetime
{
    private TestDatabase database = null!;
    private Guid file;

    public async Task InitializeAsync()
    {
        database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        foreach (var reference in (string[])["R1", "R2"]) await silo.TakeAsync("a0", reference);
        await silo.ReverseAsync("V1", "R1");
        await Sql.DoAsync(database.AppConnectionString, "INSERT INTO adapters (id, psp_id, name, format, created_at) VALUES ('x', 'psp', 'X', 'csv', now())");
        var lines = new byte[(2 * FileStore.PieceMax) + 5];
        new Random(1).NextBytes(lines);
        var (kept, _) = await new FileStore(silo.Database, new Ids(), TimeProvider.System).KeepAsync("x", null, new MemoryStream(lines), CancellationToken.None);
        file = kept.Id;
        Assert.Equal((0, null), await BrokenAsync());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("UPDATE payments SET proof_sha256 = sha256('x') WHERE sequence = 2")]
    [InlineData("UPDATE payments SET proof_position = 7 WHERE sequence = 2")]
    [InlineData("UPDATE reversals SET proof_sha256 = sha256('x')")]
    [InlineData("UPDATE kept_messages SET position = -1")]
    [InlineData("UPDATE proof_packs SET body = '\\x00' WHERE id = (SELECT max(proof_pack) FROM payments)")]
    [InlineData("UPDATE proof_packs SET body = ''::bytea WHERE id = (SELECT max(proof_pack) FROM payments)")]
    [InlineData("UPDATE proof_packs SET body = substr(body, 1, 40) WHERE id = (SELECT max(proof_pack) FROM payments)")]
    [InlineData("UPDATE proof_packs SET body = (SELECT body FROM proof_packs WHERE id = (SELECT min(proof_pack) FROM payments)) WHERE id = (SELECT max(proof_pack) FROM payments)")]
    public async Task A_message_that_is_not_what_was_kept_is_named(string act)
    {
        await ActAsync(act);
        var (broken, first) = await BrokenAsync();
        Assert.True(broken > 0);
        Assert.Matches(@"^message -?\d+ of pack \d+$", first);
    }

    [Theory]
    [InlineData("UPDATE proof_packs SET body = '\\x00' WHERE id = (SELECT packs[2] FROM files)")]
    [InlineData("UPDATE proof_packs SET body = (SELECT body FROM proof_packs WHERE id = (SELECT packs[1] FROM files)) WHERE id = (SELECT packs[2] FROM files)")]
    [InlineData("DELETE FROM proof_packs WHERE id = (SELECT packs[3] FROM files)")]
    [InlineData("UPDATE files SET packs = packs[1:2]")]
    [InlineData("UPDATE files SET sha256 = sha256('x')")]
    public async Task A_file_that_is_not_what_was_kept_is_named(string act)
    {
        await ActAsync(act);
        Assert.Equal((1, $"file {file}"), await BrokenAsync());
    }

    /// <summary>As somebody who may do anything, and does.</summary>
    private Task ActAsync(string act) => Sql.DoAsync(database.OwnerConnectionString, $"SET session_replication_role = replica; {act}");

    private async Task<(long Broken, string? First)> BrokenAsync()
    {
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        var (_, checks) = await new Verification(source).RunAsync(CancellationToken.None);
        var (_, broken, first) = Assert.Single(checks, check => check.Law == Verification.ProofsLaw);
        return (broken, first);
    }
}
