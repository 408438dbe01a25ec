using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>What machines authenticate with: <c>/v1/keys</c>. For admins.</summary>
public sealed class KeysApi
{
    private readonly Collection<KeySpec, KeyView> keys;

    internal KeysApi(Transport transport) =>
        keys = new(transport, MoMoJson.Default.KeySpec, MoMoJson.Default.KeyView, MoMoJson.Default.PageKeyView);

    /// <summary>Lists keys without their secrets, page after page.</summary>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">401, 403: the key is missing, unknown or not an admin's.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<KeyView> ListAsync(int pageSize = 100, CancellationToken cancellation = default) =>
        keys.ListAsync("v1/keys", pageSize, cancellation);

    /// <summary>Makes a key. Its secret is in this answer and never again.</summary>
    /// <param name="spec">Who uses it, and what it may do.</param>
    /// <param name="cancellation">
    /// Cancels the wait. The key may have been made all the same: remove it by its name, then make another.
    /// </param>
    /// <exception cref="MoMoException">
    /// 409: the name is taken. 400, 422: a scope is unknown. 401, 403: the key is missing, unknown or not an admin's.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<KeyView> CreateAsync(KeySpec spec, CancellationToken cancellation = default) =>
        keys.CreateAsync("v1/keys", spec, cancellation);

    /// <summary>Removes a key: from now on nobody gets in with it.</summary>
    /// <param name="id">Its id, not its secret.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: there is none. 409: it is the last admin key. 401, 403: the key is missing, unknown or not an admin's.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task DeleteAsync(string id, CancellationToken cancellation = default) =>
        keys.DeleteAsync("v1/keys", id, version: null, cancellation);
}
