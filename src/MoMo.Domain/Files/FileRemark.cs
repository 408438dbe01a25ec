using MoMo.Domain.Payments;

namespace MoMo.Domain.Files;

/// <summary>What a file says besides the payments that were made of it.</summary>
/// <param name="Position">Line, row or entry, from 1.</param>
/// <param name="Kind"><c>notice</c>, <c>fault</c>, <c>warning</c>, <c>conflict</c> or <see cref="Taken"/>.</param>
/// <param name="Code">Stable and machine-readable.</param>
/// <param name="PspReference">The PSP's id of it, if it has one.</param>
/// <param name="Amount">How much, if it is money.</param>
/// <param name="Detail">In a sentence.</param>
public sealed record FileRemark(int Position, string Kind, string Code, string? PspReference, Money? Amount, string? Detail)
{
    /// <summary>The kind that says no more than that an entry was taken, whatever an earlier reading remarked on it.</summary>
    public const string Taken = "taken";
}
