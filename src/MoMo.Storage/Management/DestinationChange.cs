using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>A change of one destination, under its account's head, which tells all silos that the account is another one now.</summary>
internal static class DestinationChange
{
    /// <summary>Runs it in a transaction of its own.</summary>
    /// <param name="database">Connects as the runtime role.</param>
    /// <param name="account">Whose; canonical.</param>
    /// <param name="id">The destination's id.</param>
    /// <param name="match">Which versions may be changed.</param>
    /// <param name="work">Is given the destination as it is, locked. Nothing of it is kept when it refuses.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What the work returns, or <c>destination-unknown</c>, <c>etag-mismatch</c>.</returns>
    public static Task<Outcome<DestinationRow>> RunAsync(
        NpgsqlDataSource database, string account, string id, VersionMatch match, Func<Change, DestinationRow, Task<Outcome<DestinationRow>>> work,
        CancellationToken cancellation) => Change.RunAsync<DestinationRow>(
            database,
            async change =>
            {
                if (await LockAsync(change, account, id) is not { } stored) return Unknown.Destination(account, id);
                if (match.Check(stored.Version) is { } stale) return stale;
                var changed = await work(change, stored);
                if (changed.Refused is null) await AccountHead.RaiseAsync(change, account);
                return changed;
            },
            cancellation);

    private static async Task<DestinationRow?> LockAsync(Change change, string account, string id) =>
        await AccountHead.LockAsync(change, account)
            ? await change.FindAsync(
                $"SELECT {DestinationRow.Columns} FROM destinations WHERE account_id = $1 AND id = $2 FOR UPDATE",
                DestinationRow.Read, Sql.Of(account), Sql.Of(id))
            : null;
}
