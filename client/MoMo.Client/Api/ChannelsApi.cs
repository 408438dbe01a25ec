using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>How adapters' files and messages are fetched: <c>/v1/adapters/{adapter}/channel</c>. An adapter has one channel at most.</summary>
public sealed class ChannelsApi
{
    private readonly Transport transport;

    internal ChannelsApi(Transport transport) => this.transport = transport;

    /// <summary>Shows an adapter's channel, and how it does.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">404: there is none. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ChannelView> GetAsync(string adapter, CancellationToken cancellation = default) =>
        transport.GetAsync(Path(adapter), MoMoJson.Default.ChannelView, cancellation);

    /// <summary>Gives an adapter a channel, or changes the one that it has. The hub looks at it at once.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="spec">What it is from now on; without a secret the one that is there stays.</param>
    /// <param name="cancellation">Cancels the wait. It may have been changed all the same.</param>
    /// <exception cref="MoMoException">
    /// 404: no such adapter. 400, 422: a field is wrong, all of them named. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ChannelView> SetAsync(string adapter, ChannelSpec spec, CancellationToken cancellation = default) =>
        transport.PutAsync(Path(adapter), spec, MoMoJson.Default.ChannelSpec, MoMoJson.Default.ChannelView, cancellation);

    /// <summary>Takes an adapter's channel away. What came through it stays.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="cancellation">Cancels the wait. It may be gone all the same.</param>
    /// <exception cref="MoMoException">404: there is none. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task DeleteAsync(string adapter, CancellationToken cancellation = default) => transport.DeleteAsync(Path(adapter), null, cancellation);

    /// <summary>Tries to connect and to list, and takes nothing. What is wrong is an answer, not an exception.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">404: there is none. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ChannelTestView> TestAsync(string adapter, CancellationToken cancellation = default) =>
        transport.PostAsync($"{Path(adapter)}/test", MoMoJson.Default.ChannelTestView, Repeat.Always, cancellation);

    /// <summary>Wants a look at the channel now, whenever the next one would be due.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">404: there is none. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ChannelView> LookAsync(string adapter, CancellationToken cancellation = default) =>
        transport.PostAsync($"{Path(adapter)}/look", MoMoJson.Default.ChannelView, Repeat.Always, cancellation);

    /// <summary>Says that what was set aside until now is seen to: it no longer makes the adapter degraded. The hub looks at once.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="cancellation">Cancels the wait. It may be done all the same.</param>
    /// <exception cref="MoMoException">404: there is none. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<ChannelView> AcknowledgeAsync(string adapter, CancellationToken cancellation = default) =>
        transport.PostAsync($"{Path(adapter)}/acknowledge", MoMoJson.Default.ChannelView, Repeat.WhenUntouched, cancellation);

    /// <summary>Fetches a stretch of time again from a polled API, and counts what callbacks had lost.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="spec">From when to when.</param>
    /// <param name="cancellation">Cancels the wait. It may have been asked for all the same.</param>
    /// <exception cref="MoMoException">
    /// 404: there is no channel. 409: too many wait. 422: the channel can't be asked by time, or the times can't be used. 401, 403: the key is missing,
    /// unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<BackfillView> BackfillAsync(string adapter, BackfillSpec spec, CancellationToken cancellation = default) => transport.PostAsync(
        $"{Path(adapter)}/backfills", spec, MoMoJson.Default.BackfillSpec, MoMoJson.Default.BackfillView, Repeat.Named, cancellation);

    /// <summary>The newest 100 backfills of an adapter.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<Page<BackfillView>> BackfillsAsync(string adapter, CancellationToken cancellation = default) =>
        transport.GetAsync($"{Path(adapter)}/backfills", MoMoJson.Default.PageBackfillView, cancellation);

    private static string Path(string adapter) => $"v1/adapters/{Segment.Of(adapter)}/channel";
}
