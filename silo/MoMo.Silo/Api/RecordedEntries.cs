using MoMo.Domain.Callbacks;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>What became of what a message, or an answer, says.</summary>
/// <param name="Verdict">In a word.</param>
/// <param name="Refusal">Why not.</param>
internal sealed record RecordedEntries(CallbackVerdict Verdict, Refusal? Refusal = null)
{
    /// <summary>The last payment that was taken, or had been before.</summary>
    public TakenPayment? Payment { get; init; }
}
