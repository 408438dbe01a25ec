using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Getting payments to destinations: <c>/v1/deliveries</c>.</summary>
public sealed class DeliveriesApi
{
    private readonly Transport transport;

    internal DeliveriesApi(Transport transport) => this.transport = transport;

    /// <summary>Lists deliveries, page after page.</summary>
    /// <param name="query">Which; null for all the key may see.</param>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">
    /// 400: a filter is malformed. 422: what a filter names is not there, or too much would have to be read. 401, 403: the key is missing, unknown or
    /// may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<DeliveryView> ListAsync(
        DeliveryQuery? query = null, int pageSize = 100, CancellationToken cancellation = default) => transport.ListAsync(
        "v1/deliveries", (query ?? new DeliveryQuery()).ToQuery(), pageSize, MoMoJson.Default.PageDeliveryView, cancellation);

    /// <summary>Shows one delivery.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: there is none, or it is not the key's to see. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<DeliveryView> GetAsync(string id, CancellationToken cancellation = default) =>
        transport.GetAsync($"v1/deliveries/{Segment.Of(id)}", MoMoJson.Default.DeliveryView, cancellation);

    /// <summary>
    /// Sends a delivery again now, whatever its state, also one that has arrived: the receiver knows the repeat by its <c>webhook-id</c>, which stays.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The delivery, pending again.</returns>
    /// <exception cref="MoMoException">
    /// 404: there is none, or it is not the key's to see. 409: its destination was removed. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<DeliveryView> RetryAsync(string id, CancellationToken cancellation = default) => transport.PostAsync(
        $"v1/deliveries/{Segment.Of(id)}/retry", MoMoJson.Default.DeliveryView, Repeat.Always, cancellation);

    /// <summary>Sends many deliveries again, in batches, each with its own <c>webhook-id</c>; or counts them only.</summary>
    /// <param name="spec">Which.</param>
    /// <param name="cancellation">Cancels the wait. It may have begun all the same.</param>
    /// <returns>How many there are; and the id to ask for, unless it was a dry run.</returns>
    /// <exception cref="MoMoException">400, 422: a field is wrong. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ReplayView> ReplayAsync(ReplaySpec spec, CancellationToken cancellation = default) => transport.PostAsync(
        "v1/deliveries/replay", spec, MoMoJson.Default.ReplaySpec, MoMoJson.Default.ReplayView, Repeat.Named, cancellation);

    /// <summary>Shows how far a replay is.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: there is none, or it is not the key's to see. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ReplayView> GetReplayAsync(string id, CancellationToken cancellation = default) =>
        transport.GetAsync($"v1/deliveries/replays/{Segment.Of(id)}", MoMoJson.Default.ReplayView, cancellation);

    /// <summary>Stops a replay: what it has made due is sent, the rest stays as it is.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>How far it came.</returns>
    /// <exception cref="MoMoException">
    /// 404: there is none, or it is not the key's to see. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ReplayView> StopReplayAsync(string id, CancellationToken cancellation = default) => transport.PostAsync(
        $"v1/deliveries/replays/{Segment.Of(id)}/stop", MoMoJson.Default.ReplayView, Repeat.Always, cancellation);
}
