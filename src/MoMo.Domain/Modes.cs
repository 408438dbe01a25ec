using MoMo.Domain.Routing;

namespace MoMo.Domain;

/// <summary>What keeps test money and live money apart.</summary>
public static class Modes
{
    /// <summary>The mode's name in configuration and database.</summary>
    public static string Word(this Mode mode) => mode == Mode.Test ? "test" : "live";

    /// <summary>The mode of this name; null when there is none.</summary>
    public static Mode? Find(string? word) => word switch
    {
        "live" => Mode.Live,
        "test" => Mode.Test,
        _ => null,
    };

    /// <summary>What routing says when it found an account of the other mode.</summary>
    /// <param name="payment">The payment's mode: its adapter's.</param>
    /// <param name="accountId">The account that was found.</param>
    /// <param name="account">That account's mode.</param>
    /// <returns>Why it is not the account's; null when the modes agree.</returns>
    public static RuleFinding? Differ(Mode payment, string accountId, Mode account) => payment == account
        ? null
        : new RuleFinding(
            "mode", Verdict.Unknown, $"Account {accountId} is a {account.Word()} account, and this is {payment.Word()} money: they never meet.");

    /// <summary>The same decision without its account, if that is of the other mode.</summary>
    public static async ValueTask<RoutingDecision> KeepApartAsync(
        this RoutingDecision decision, Mode mode, IDirectory directory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(directory);
        if (decision.AccountId is not { } id || await directory.FindAccountAsync(id, cancellation) is not { } account) return decision;
        return Differ(mode, id, account.Mode) is { } why ? decision with { AccountId = null, Trace = [.. decision.Trace, why] } : decision;
    }
}
