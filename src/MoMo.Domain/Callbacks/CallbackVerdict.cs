namespace MoMo.Domain.Callbacks;

/// <summary>What became of a message.</summary>
public enum CallbackVerdict
{
    /// <summary>A payment was taken, or news that is no payment was recorded; it is durable.</summary>
    Accepted,

    /// <summary>It had been taken before, with the same content.</summary>
    Repeat,

    /// <summary>Its psp_reference was taken before with other content: kept beside the first, and nothing was changed.</summary>
    Differs,

    /// <summary>It can't be read or taken; it is kept.</summary>
    Refused,

    /// <summary>The PSP did not send it, as far as its signature tells; it is kept.</summary>
    Forbidden,

    /// <summary>The hub can't keep it now; the PSP may send it again.</summary>
    Busy,

    /// <summary>The answer to a question: the payment may be made.</summary>
    Welcome,

    /// <summary>The answer to a question: nobody has such an account.</summary>
    Unwelcome,

    /// <summary>The answer to a question: who could know did not answer in time; the format's settings decide.</summary>
    Unsure,
}
