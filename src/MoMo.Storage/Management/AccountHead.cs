
namespace MoMo.Storage.Management;

/// <summary>
/// The fence that an account's turns hold. Whatever its actor remembers changes only under it and raises its version. Whoever locks more than one
/// row of an account locks the head first.
/// </summary>
internal static class AccountHead
{
    /// <summary>Waits for the account's turns and keeps later ones waiting until the change commits.</summary>
    /// <returns>False when there is no such account.</returns>
    public static Task<bool> LockAsync(Change change, string account) =>
        change.AnyAsync("SELECT 1 FROM account_heads WHERE account_id = $1 FOR UPDATE", Sql.Of(account));

    /// <summary>Makes every activation of the actor reload, and every silo's directory forget.</summary>
    public static async Task RaiseAsync(Change change, string account)
    {
        await change.RunAsync("UPDATE account_heads SET version = version + 1 WHERE account_id = $1", Sql.Of(account));
        await change.NotifyAsync($"account:{account}");
    }
}
