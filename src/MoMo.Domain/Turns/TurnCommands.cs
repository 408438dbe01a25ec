using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;

namespace MoMo.Domain.Turns;

/// <summary>What a turn is asked, by kind. A turn that begins anew is asked anew: whatever was decided is forgotten.</summary>
internal sealed class TurnCommands(TurnHeads heads, TurnReversals reversals, TurnUnlinkings unlinkings)
{
    /// <summary>Payments to take.</summary>
    public List<TakePayment> Takes { get; } = [];

    /// <summary>Payments to take out of suspense.</summary>
    public List<AssignPayment> Assigns { get; } = [];

    /// <summary>Messages to keep that made no payment.</summary>
    public List<KeepProof> Keeps { get; } = [];

    /// <summary>Those who sent the payments.</summary>
    public HashSet<string> Psps { get; } = new(StringComparer.Ordinal);

    public void Clear()
    {
        Takes.Clear();
        Assigns.Clear();
        Keeps.Clear();
        Psps.Clear();
    }

    public void Add(AccountCommand command)
    {
        if (command.AccountId is { } account) heads.Want(account);
        switch (command)
        {
            case TakePayment take:
                take.Decision = null;
                Takes.Add(take);
                Psps.Add(take.Arrival.Notice.Psp);
                break;
            case AssignPayment assign:
                assign.Decision = null;
                Assigns.Add(assign);
                break;
            case TakeReversal take:
                reversals.Want(take);
                break;
            case UnlinkPayment unlink:
                unlinkings.Want(unlink);
                break;
            case KeepProof keep:
                keep.Decision = null;
                Keeps.Add(keep);
                break;
            default:
                throw new InvalidOperationException($"No turn knows {command.GetType().Name}.");
        }
    }
}
