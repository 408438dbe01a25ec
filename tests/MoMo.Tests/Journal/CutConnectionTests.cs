using MoMo.Domain.Accounts;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Storage.Journal;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Journal;

/// <summary>A connection that was cut while nobody looked is nobody's data to blame: the turn is run again.</summary>
public sealed class CutConnectionTests
{
    [Fact]
    public async Task What_the_driver_says_of_a_connection_that_it_found_cut_means_that_the_turn_is_lost_and_the_next_one_has_another()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        await using var turn = new TurnTransaction(source, TimeProvider.System);
        await BeginAsync(turn);
        await Sql.DoAsync(
            database.OwnerConnectionString,
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.Name}' AND pid <> pg_backend_pid()");

        // The first one that asks hears it from the server; from then on the driver knows.
        var heard = await Assert.ThrowsAnyAsync<NpgsqlException>(() => turn.FenceAsync(["a0"], CancellationToken.None));
        Assert.IsType<TurnLostException>(turn.Explain(heard));
        var known = await Assert.ThrowsAsync<InvalidOperationException>(() => turn.FenceAsync(["a0"], CancellationToken.None));
        Assert.IsType<TurnLostException>(turn.Explain(known));

        // Once it was to be committed nobody promises a second run; but it is not refused as somebody's fault either.
        var late = await Assert.ThrowsAnyAsync<Exception>(() => turn.CommitAsync(new TurnFacts(), CancellationToken.None));
        Assert.IsType<IOException>(turn.Explain(late));

        await BeginAsync(turn);
        Assert.Single(await turn.FenceAsync(["a0"], CancellationToken.None));
        await turn.RollbackAsync();
    }

    private static Task<TurnClaims> BeginAsync(TurnTransaction turn) => turn.BeginAsync([], ["psp"], [], CancellationToken.None);
}
