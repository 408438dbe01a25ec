namespace MoMo.Domain.Routing;

/// <summary>What an account's lookup URL said about a reference.</summary>
/// <param name="Known">True: the account has it. False: it does not. Null: no answer, and nothing may be concluded from that.</param>
/// <param name="Error">Why there is no answer, for people, at most 500 characters; null when there is one.</param>
public sealed record LookupAnswer(bool? Known, string? Error)
{
    /// <summary>The account knows the reference.</summary>
    public static readonly LookupAnswer Yes = new(true, null);

    /// <summary>The account does not know the reference.</summary>
    public static readonly LookupAnswer No = new(false, null);

    /// <summary>There is no answer.</summary>
    public static LookupAnswer None(string error) => new(null, error);
}
