using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Whose payments are for: <c>/v1/accounts</c>.</summary>
public sealed class AccountsApi
{
    private readonly Collection<AccountSpec, AccountView> accounts;

    internal AccountsApi(Transport transport) =>
        accounts = new(transport, MoMoJson.Default.AccountSpec, MoMoJson.Default.AccountView, MoMoJson.Default.PageAccountView);

    /// <summary>Lists accounts, page after page.</summary>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<AccountView> ListAsync(int pageSize = 100, CancellationToken cancellation = default) =>
        accounts.ListAsync("v1/accounts", pageSize, cancellation);

    /// <summary>Shows one account.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">404: there is none. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AccountView> GetAsync(string id, CancellationToken cancellation = default) =>
        accounts.GetAsync("v1/accounts", id, cancellation);

    /// <summary>Creates an account.</summary>
    /// <param name="spec">What it is; the id is required.</param>
    /// <param name="cancellation">Cancels the wait. It may have been created all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: the id, the name or the lookup URL is taken. 400, 422: a field is wrong, all of them named. 401, 403: the key is missing,
    /// unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AccountView> CreateAsync(AccountSpec spec, CancellationToken cancellation = default) =>
        accounts.CreateAsync("v1/accounts", spec, cancellation);

    /// <summary>Changes an account, unless somebody else did so meanwhile.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="spec">What it is from now on, as a whole; without the id.</param>
    /// <param name="version">The <see cref="AccountView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been changed all the same.</param>
    /// <exception cref="MoMoException">
    /// 412: it was changed meanwhile; look again. 404: there is none. 409: the id, the name or the lookup URL is taken. 400, 422: a field
    /// is wrong. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AccountView> SetAsync(string id, AccountSpec spec, long version, CancellationToken cancellation = default) =>
        accounts.SetAsync("v1/accounts", id, spec, version, cancellation);

    /// <summary>Deletes an account that nothing refers to. One with a history can't be deleted, but archived.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The <see cref="AccountView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been deleted all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: something refers to it. 412: it was changed meanwhile. 404: there is none. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task DeleteAsync(string id, long version, CancellationToken cancellation = default) =>
        accounts.DeleteAsync("v1/accounts", id, version, cancellation);
}
