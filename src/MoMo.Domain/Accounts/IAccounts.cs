namespace MoMo.Domain.Accounts;

/// <summary>Finds the actor of an account, wherever it lives.</summary>
public interface IAccounts
{
    /// <summary>The account's actor; with null, suspense: it takes what belongs to nobody yet.</summary>
    IAccount Of(string? accountId);
}
