using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;
using MoMo.Engine;

namespace MoMo.Domain.Accounts;

/// <summary>An account's actor: takes payments one after another and numbers them 1, 2, 3… without a gap.</summary>
public interface IAccount
{
    /// <summary>Takes a payment; answers when it is durable. Safe to repeat: same content, same answer.</summary>
    /// <returns>The payment, or <c>payment-differs</c> with the fields that differ from what was taken before.</returns>
    /// <exception cref="HubBusyException">Too much waits, or the database is away. Ask again: nothing is taken twice.</exception>
    Task<Outcome<TakenPayment>> Take(Arrival arrival);

    /// <summary>Takes a payment out of suspense; answers when it is durable.</summary>
    /// <returns>The payment, or <c>payment-unknown</c>, <c>payment-not-in-suspense</c>, <c>account-unknown</c>, <c>account-archived</c>, <c>mode-differs</c>.</returns>
    /// <exception cref="HubBusyException">Too much waits, or the database is away.</exception>
    Task<Outcome<TakenPayment>> Assign(AssignmentOrder order);

    /// <summary>Gives a payment back into suspense; answers when it is durable. Safe to repeat: same payment, same answer.</summary>
    /// <returns>What was recorded, or <c>payment-unknown</c>, <c>payment-in-suspense</c>, <c>payment-reversed</c>.</returns>
    /// <exception cref="HubBusyException">Too much waits, or the database is away.</exception>
    Task<Outcome<UnlinkedPayment>> Unlink(UnlinkOrder order);

    /// <summary>Takes a reversal for whoever has its payment; answers when it is durable. Safe to repeat: same content, same answer.</summary>
    /// <returns>The reversal, or <c>reversal-differs</c> with the fields that differ from what was taken before.</returns>
    /// <exception cref="HubBusyException">Too much waits, or the database is away. Ask again: nothing is taken twice.</exception>
    Task<Outcome<TakenReversal>> Reverse(TakeReversal reversal);
}
