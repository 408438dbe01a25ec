using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;
using MoMo.Engine;

namespace MoMo.Domain.Accounts;

/// <summary>
/// The embedded host of accounts: whatever an account is asked goes to this silo's journal, whose turn fences the account in the database.
/// Nothing to place, nothing to fail over.
/// </summary>
public sealed class JournaledAccounts(Journal<AccountCommand> journal) : IAccounts, IAccount
{
    /// <inheritdoc/>
    public IAccount Of(string? accountId) => this;

    /// <inheritdoc/>
    public async Task<Outcome<TakenPayment>> Take(Arrival arrival)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        var command = new TakePayment(arrival);
        if (arrival.Place is { } place) await SubmitAsync(command, place);
        else journal.Submit(command);
        return await command.Answered;
    }

    /// <inheritdoc/>
    public Task<Outcome<TakenPayment>> Assign(AssignmentOrder order)
    {
        var command = new AssignPayment(order);
        journal.Submit(command);
        return command.Answered;
    }

    /// <inheritdoc/>
    public Task<Outcome<UnlinkedPayment>> Unlink(UnlinkOrder order)
    {
        var command = new UnlinkPayment(order);
        journal.Submit(command);
        return command.Answered;
    }

    /// <inheritdoc/>
    public async Task<Outcome<TakenReversal>> Reverse(TakeReversal reversal)
    {
        ArgumentNullException.ThrowIfNull(reversal);
        if (reversal.Place is { } place) await SubmitAsync(reversal, place);
        else journal.Submit(reversal);
        return await reversal.Answered;
    }

    private async ValueTask SubmitAsync(AccountCommand command, StreamPlace place)
    {
        await place.Before;
        try
        {
            await journal.SubmitWhenFreeAsync(command, CancellationToken.None);
        }
        finally
        {
            place.Leave();
        }
    }
}
