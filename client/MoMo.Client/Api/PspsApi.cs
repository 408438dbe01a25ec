using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Who moves the money: <c>/v1/psps</c>.</summary>
public sealed class PspsApi
{
    private readonly Collection<PspSpec, PspView> psps;

    internal PspsApi(Transport transport) =>
        psps = new(transport, MoMoJson.Default.PspSpec, MoMoJson.Default.PspView, MoMoJson.Default.PagePspView);

    /// <summary>Lists PSPs, page after page.</summary>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<PspView> ListAsync(int pageSize = 100, CancellationToken cancellation = default) =>
        psps.ListAsync("v1/psps", pageSize, cancellation);

    /// <summary>Shows one PSP.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">404: there is none. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<PspView> GetAsync(string id, CancellationToken cancellation = default) =>
        psps.GetAsync("v1/psps", id, cancellation);

    /// <summary>Creates a PSP.</summary>
    /// <param name="spec">What it is; the id is required.</param>
    /// <param name="cancellation">Cancels the wait. It may have been created all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: the id or the name is taken. 400, 422: a field is wrong, all of them named. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<PspView> CreateAsync(PspSpec spec, CancellationToken cancellation = default) =>
        psps.CreateAsync("v1/psps", spec, cancellation);

    /// <summary>Changes a PSP, unless somebody else did so meanwhile.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="spec">What it is from now on, as a whole; without the id.</param>
    /// <param name="version">The <see cref="PspView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been changed all the same.</param>
    /// <exception cref="MoMoException">
    /// 412: it was changed meanwhile; look again. 404: there is none. 409: the name is taken. 400, 422: a field is wrong. 401, 403: the
    /// key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<PspView> SetAsync(string id, PspSpec spec, long version, CancellationToken cancellation = default) =>
        psps.SetAsync("v1/psps", id, spec, version, cancellation);

    /// <summary>Deletes a PSP that nothing refers to. One with a history can't be deleted, but archived.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The <see cref="PspView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been deleted all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: something refers to it. 412: it was changed meanwhile. 404: there is none. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task DeleteAsync(string id, long version, CancellationToken cancellation = default) =>
        psps.DeleteAsync("v1/psps", id, version, cancellation);
}
