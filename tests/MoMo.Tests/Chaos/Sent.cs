namespace MoMo.Tests.Chaos;

/// <summary>A payment that the load sent, in one of two versions, and what it was told. Both are true for ever once they were told.</summary>
/// <param name="reference">The PSP's reference: the key of it all.</param>
/// <param name="account">Whose it is; an unknown one goes to suspense.</param>
/// <param name="pays">Two amounts; one of them becomes the payment.</param>
internal sealed class Sent(string reference, string account, (string One, string Other) pays)
{
    private readonly Lock gate = new();
    private Guid? id;
    private string? amount;
    private long? sequence;
    private bool isMade;

    public string Reference => reference;

    public string Account => account;

    public (string One, string Other) Pays => pays;

    /// <summary>What was acknowledged, or null as long as nothing was.</summary>
    public (Guid Id, string Amount, long? Sequence)? Acknowledged
    {
        get { lock (gate) return id is { } known ? (known, amount!, sequence) : null; }
    }

    /// <summary>Notes an acknowledgement.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Acknowledge(Guid told, string toldAmount, long? toldSequence, bool made)
    {
        lock (gate)
        {
            if (made && isMade) return $"{reference} was made twice: {id}, then {told}.";
            isMade |= made;
            if (id is null) (id, amount, sequence) = (told, toldAmount, toldSequence);
            return (id, amount, sequence) == (told, toldAmount, toldSequence)
                ? null
                : $"{reference} was acknowledged as {id} {amount} number {sequence}, then as {told} {toldAmount} number {toldSequence}.";
        }
    }

    /// <summary>Notes that a version was refused because another is kept.</summary>
    public string? Refuse(string version)
    {
        lock (gate) return amount == version ? $"{reference} was acknowledged with {version}, then refused as differing." : null;
    }
}
