namespace MoMo.Client;

/// <summary>When a request may be sent again by itself.</summary>
internal enum Repeat
{
    /// <summary>Never: its body can't be read twice.</summary>
    Never,

    /// <summary>After 429, which says that nothing was done; not after 503, which may not know.</summary>
    WhenUntouched,

    /// <summary>After 429 and 503: a second time has no second effect.</summary>
    Always,

    /// <summary>As <see cref="Always"/>, because it bears an Idempotency-Key of its own; and while the hub says that it is still being done.</summary>
    Named,
}
