using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Money that PSPs took back: <c>/v1/reversals</c>.</summary>
public sealed class ReversalsApi
{
    private readonly Transport transport;

    internal ReversalsApi(Transport transport) => this.transport = transport;

    /// <summary>Lists reversals, newest first, page after page. What no account has is for an admin's key only.</summary>
    /// <param name="query">Which; null for all the key may see.</param>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">
    /// 400: a filter is malformed. 422: what a filter names is not there or not the key's to see, or too much would have to be read. 401, 403: the key
    /// is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<ReversalView> ListAsync(
        ReversalQuery? query = null, int pageSize = 100, CancellationToken cancellation = default) => transport.ListAsync(
        "v1/reversals", (query ?? new ReversalQuery()).ToQuery(), pageSize, MoMoJson.Default.PageReversalView, cancellation);

    /// <summary>Shows one reversal.</summary>
    /// <param name="id">The hub's id of it.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: there is none, or it is not the key's to see. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ReversalView> GetAsync(string id, CancellationToken cancellation = default) =>
        transport.GetAsync($"v1/reversals/{Segment.Of(id)}", MoMoJson.Default.ReversalView, cancellation);
}
