namespace MoMo.Domain.Deliveries;

/// <summary>
/// An adapter came into another state: what destinations that ask for <c>adapter.state</c> are told. An adapter may serve many accounts, so why it is
/// in that state is told in words that hold nothing of another's: no names of files, no counts, nothing of its configuration. Operators see all of it
/// in the adapter's history.
/// </summary>
/// <param name="Id">Its own id.</param>
/// <param name="AdapterId">The adapter.</param>
/// <param name="Psp">Its PSP.</param>
/// <param name="State"><c>up</c>, <c>degraded</c>, <c>silent</c> or <c>down</c>.</param>
/// <param name="At">Since when.</param>
public sealed record AdapterNews(Guid Id, string AdapterId, string Psp, string State, DateTimeOffset At)
{
    /// <summary>What the state means, for people; null when all is well.</summary>
    public string? Detail => State switch
    {
        "degraded" => "Payments come, but some may be late or missing.",
        "silent" => "Fewer payments come than usual.",
        "down" => "No payments can be expected until it is up again.",
        _ => null,
    };
}
