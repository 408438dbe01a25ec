namespace MoMo.Domain.Routing;

/// <summary>Asks one account whether a reference is its own.</summary>
public interface ILookupClient
{
    /// <summary>Asks once. Throws for nothing the account's server does; only when <paramref name="cancellation"/> asks for it.</summary>
    /// <param name="url">The account's lookup URL.</param>
    /// <param name="referenceId">The reference as the payer wrote it.</param>
    /// <param name="deadline">How long to wait in all, the wait for a free connection included. Past it there is no answer.</param>
    /// <param name="cancellation">Stops asking.</param>
    Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation);
}
