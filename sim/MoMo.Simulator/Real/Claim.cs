using System.Globalization;

namespace MoMo.Simulator.Real;

/// <summary>A payment that a PSP reports, in one of two versions, and what it was told. Whatever was told is true for ever.</summary>
/// <param name="Psp">The PSP.</param>
/// <param name="Reference">The PSP's reference.</param>
/// <param name="AccountId">The account that is named, if any.</param>
/// <param name="ReferenceId">The customer that is named, if any.</param>
/// <param name="Owner">Whose it is; null when nobody can know.</param>
/// <param name="MayBeSuspended">Whether it goes to suspense when whoever is asked does not answer.</param>
/// <param name="Whole">Major units of the amount; the two versions differ in the minor ones.</param>
internal sealed record Claim(string Psp, string Reference, string? AccountId, string? ReferenceId, string? Owner, bool MayBeSuspended, int Whole)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> refused = [];
    private (Guid Id, string Amount, long? Sequence)? told;
    private bool isMade;

    /// <summary>What was acknowledged; null when nothing was.</summary>
    public (Guid Id, string Amount, long? Sequence)? Told
    {
        get { lock (gate) return told; }
    }

    /// <summary>Amounts that were refused because another is kept.</summary>
    public IReadOnlyCollection<string> Refused
    {
        get { lock (gate) return [.. refused]; }
    }

    /// <summary>The amount of a version.</summary>
    public string Amount(bool other) => string.Create(CultureInfo.InvariantCulture, $"{Whole}.{(other ? 75 : 25)}");

    /// <summary>Notes an acknowledgement.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Acknowledge(Guid id, string amount, long? sequence, bool made)
    {
        lock (gate)
        {
            if (made && isMade) return $"{Reference} was made twice: as {told?.Id}, then as {id}.";
            isMade |= made;
            if (refused.Contains(amount)) return $"{Reference} over {amount} was refused as differing, then acknowledged.";
            var before = told ??= (id, amount, sequence);
            if (before.Id != id || before.Amount != amount || (before.Sequence is { } number && number != sequence))
                return $"{Reference} was acknowledged as {before}, then as {(id, amount, sequence)}.";
            told = (id, amount, sequence); // out of suspense it has a number, and keeps it
            return null;
        }
    }

    /// <summary>Notes that a version was refused because another is kept.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Refuse(string amount)
    {
        lock (gate)
        {
            refused.Add(amount);
            return told?.Amount == amount ? $"{Reference} was acknowledged over {amount}, then refused as differing." : null;
        }
    }
}
