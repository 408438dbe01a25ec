using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Connections to PSPs, and their liveness: <c>/v1/adapters</c>.</summary>
public sealed class AdaptersApi
{
    private readonly Collection<AdapterSpec, AdapterView> adapters;
    private readonly Transport transport;

    internal AdaptersApi(Transport transport)
    {
        adapters = new(transport, MoMoJson.Default.AdapterSpec, MoMoJson.Default.AdapterView, MoMoJson.Default.PageAdapterView);
        this.transport = transport;
    }

    /// <summary>Lists adapters, page after page.</summary>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<AdapterView> ListAsync(int pageSize = 100, CancellationToken cancellation = default) =>
        adapters.ListAsync("v1/adapters", pageSize, cancellation);

    /// <summary>Shows one adapter.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">404: there is none. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AdapterView> GetAsync(string id, CancellationToken cancellation = default) =>
        adapters.GetAsync("v1/adapters", id, cancellation);

    /// <summary>Creates an adapter. Where its PSP calls, with the secret path, is in this answer and never again.</summary>
    /// <param name="spec">What it is; the id is required.</param>
    /// <param name="cancellation">Cancels the wait. It may have been created all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: the id or the name is taken. 400, 422: a field is wrong, all of them named. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AdapterView> CreateAsync(AdapterSpec spec, CancellationToken cancellation = default) =>
        adapters.CreateAsync("v1/adapters", spec, cancellation);

    /// <summary>Changes an adapter, unless somebody else did so meanwhile.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="spec">What it is from now on, as a whole; without the id.</param>
    /// <param name="version">The <see cref="AdapterView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been changed all the same.</param>
    /// <exception cref="MoMoException">
    /// 412: it was changed meanwhile; look again. 404: there is none. 409: the name is taken. 400, 422: a field is wrong. 401, 403: the
    /// key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AdapterView> SetAsync(string id, AdapterSpec spec, long version, CancellationToken cancellation = default) =>
        adapters.SetAsync("v1/adapters", id, spec, version, cancellation);

    /// <summary>Deletes an adapter that nothing refers to. One with a history can't be deleted, but archived.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The <see cref="AdapterView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been deleted all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: something refers to it. 412: it was changed meanwhile. 404: there is none. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task DeleteAsync(string id, long version, CancellationToken cancellation = default) =>
        adapters.DeleteAsync("v1/adapters", id, version, cancellation);

    /// <summary>Says that the adapter has started, and for how long it counts as up unless it is heard of.</summary>
    /// <param name="id">The adapter's id.</param>
    /// <param name="report">What it says of itself.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: no such adapter. 400, 422: the report is malformed. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AdapterView> RegisterAsync(string id, AdapterReport report, CancellationToken cancellation = default) =>
        ReportAsync(id, "register", report, cancellation);

    /// <summary>Says that the adapter lives, which renews its lease.</summary>
    /// <param name="id">The adapter's id.</param>
    /// <param name="report">What it says of itself.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: no such adapter. 400, 422: the report is malformed. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AdapterView> HeartbeatAsync(string id, AdapterReport report, CancellationToken cancellation = default) =>
        ReportAsync(id, "heartbeat", report, cancellation);

    /// <summary>Says that the adapter's connection to its PSP is up or down.</summary>
    /// <param name="id">The adapter's id.</param>
    /// <param name="report">What it says of itself.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: no such adapter. 400, 422: the report is malformed. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AdapterView> SetStateAsync(string id, AdapterReport report, CancellationToken cancellation = default) =>
        ReportAsync(id, "state", report, cancellation);

    /// <summary>Lists the changes of an adapter's state, newest first, page after page.</summary>
    /// <param name="id">The adapter's id; one that was deleted keeps its history.</param>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">401, 403: the key is missing, unknown or not an admin's.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<AdapterStateView> ListStatesAsync(string id, int pageSize = 100, CancellationToken cancellation = default) =>
        transport.ListAsync($"v1/adapters/{Segment.Of(id)}/states", Query.None, pageSize, MoMoJson.Default.PageAdapterStateView, cancellation);

    private Task<AdapterView> ReportAsync(string id, string act, AdapterReport report, CancellationToken cancellation) =>
        transport.PostAsync(
            $"v1/adapters/{Segment.Of(id)}/{act}", report, MoMoJson.Default.AdapterReport, MoMoJson.Default.AdapterView,
            Repeat.Always, cancellation);
}
