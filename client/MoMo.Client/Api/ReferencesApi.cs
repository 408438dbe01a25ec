using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Customers of accounts: <c>/v1/accounts/{account}/references</c>.</summary>
public sealed class ReferencesApi
{
    private readonly Collection<ReferenceSpec, ReferenceView> references;

    internal ReferencesApi(Transport transport) =>
        references = new(transport, MoMoJson.Default.ReferenceSpec, MoMoJson.Default.ReferenceView, MoMoJson.Default.PageReferenceView);

    /// <summary>Lists an account's references, page after page.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">404: no such account. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<ReferenceView> ListAsync(string account, int pageSize = 100, CancellationToken cancellation = default) =>
        references.ListAsync(Path(account), pageSize, cancellation);

    /// <summary>Shows one reference.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: no such account, or no such reference. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ReferenceView> GetAsync(string account, string id, CancellationToken cancellation = default) =>
        references.GetAsync(Path(account), id, cancellation);

    /// <summary>Creates a reference.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="spec">What it is; the id is required.</param>
    /// <param name="cancellation">Cancels the wait. It may have been created all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: the id is taken. 400, 422: a field is wrong, all of them named. 404: no such account. 401, 403: the key is missing, unknown or
    /// may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ReferenceView> CreateAsync(string account, ReferenceSpec spec, CancellationToken cancellation = default) =>
        references.CreateAsync(Path(account), spec, cancellation);

    /// <summary>Changes a reference, unless somebody else did so meanwhile.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="spec">What it is from now on, as a whole; without the id.</param>
    /// <param name="version">The <see cref="ReferenceView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been changed all the same.</param>
    /// <exception cref="MoMoException">
    /// 412: it was changed meanwhile; look again. 404: no such account, or no such reference. 409: the id is taken. 400, 422: a field is
    /// wrong. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ReferenceView> SetAsync(
        string account, string id, ReferenceSpec spec, long version, CancellationToken cancellation = default) =>
        references.SetAsync(Path(account), id, spec, version, cancellation);

    /// <summary>Deletes a reference that no payment has. One with a history can't be deleted, but archived.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="version">The <see cref="ReferenceView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been deleted all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: payments have it, or too many had to be looked through to be sure. 412: it was changed meanwhile. 404: no such account, or no
    /// such reference. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task DeleteAsync(string account, string id, long version, CancellationToken cancellation = default) =>
        references.DeleteAsync(Path(account), id, version, cancellation);

    private static string Path(string account) => $"v1/accounts/{Segment.Of(account)}/references";
}
