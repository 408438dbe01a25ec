using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Messages that made no payment of their own: <c>/v1/messages</c>.</summary>
public sealed class MessagesApi
{
    private readonly Transport transport;

    internal MessagesApi(Transport transport) => this.transport = transport;

    /// <summary>Lists kept messages, newest first, page after page.</summary>
    /// <param name="query">Which; null for all.</param>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">
    /// 400: a filter is malformed. 422: what a filter names is not there, or too much would have to be read. 401, 403: the key is missing, unknown or
    /// not an admin's.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<MessageView> ListAsync(MessageQuery? query = null, int pageSize = 100, CancellationToken cancellation = default) =>
        transport.ListAsync("v1/messages", (query ?? new MessageQuery()).ToQuery(), pageSize, MoMoJson.Default.PageMessageView, cancellation);

    /// <summary>Copies the very bytes of a message.</summary>
    /// <param name="id">Its SHA-256 in hex.</param>
    /// <param name="destination">Where to; stays open.</param>
    /// <param name="cancellation">Cancels the copying.</param>
    /// <exception cref="MoMoException">404: no such message. 401, 403: the key is missing, unknown or not an admin's.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public async Task CopyContentAsync(string id, Stream destination, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var path = $"v1/messages/{Segment.Of(id)}/content";
        using var response = await transport.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), Repeat.Always, cancellation);
        await response.Content.CopyToAsync(destination, cancellation);
    }
}
