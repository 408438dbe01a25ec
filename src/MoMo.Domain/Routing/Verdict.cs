namespace MoMo.Domain.Routing;

/// <summary>What a routing rule found.</summary>
public enum Verdict
{
    /// <summary>The rule has nothing to go by; the next one is asked.</summary>
    Silent,

    /// <summary>It names exactly one account; no other rule is asked.</summary>
    Found,

    /// <summary>It names something that does not exist; the next rule is asked.</summary>
    Unknown,

    /// <summary>It names several accounts, or contradicts what the sender said: nothing is guessed, the payment goes to suspense.</summary>
    Ambiguous,

    /// <summary>Who could know did not answer in time, so nothing may be concluded; the next rule is asked.</summary>
    Unanswered,
}
