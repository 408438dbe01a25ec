using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Statement files: <c>/v1/files</c>, sent to <c>/v1/adapters/{adapter}/files</c>.</summary>
public sealed class FilesApi
{
    private readonly Transport transport;

    internal FilesApi(Transport transport) => this.transport = transport;

    /// <summary>
    /// Sends a statement file and waits until it has been read. Safe to repeat for ever: no payment is taken twice.
    /// A file that can be rewound is sent again when the hub is busy.
    /// </summary>
    /// <param name="adapter">The adapter that reads it.</param>
    /// <param name="content">The file, from where the stream stands; stays open.</param>
    /// <param name="name">Its name, for people; null for none.</param>
    /// <param name="sent">Told the bytes sent so far, after each 64 KiB at most; starts over when the file is sent again.</param>
    /// <param name="cancellation">Cancels the wait. The file may have been taken all the same: send it again to know.</param>
    /// <returns>What came of it; entries that were refused or held are told by its counts.</returns>
    /// <exception cref="MoMoException">
    /// 404: no such adapter. 413: too big. 422 <c>file-refused</c>: the file as a whole can't be trusted, nothing of it was taken, and its bytes are kept;
    /// other 422: the adapter takes no files. 400: the request is malformed. 401, 403: the key is missing, unknown or may not.
    /// 429, 503: too busy, and stayed so.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached, or closed while the file was sent.</exception>
    public Task<FileView> SendAsync(
        string adapter, Stream content, string? name = null, IProgress<long>? sent = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = $"v1/adapters/{Segment.Of(adapter)}/files{Query.None.With("name", name)}";
        var start = content.CanSeek ? content.Position : 0;
        return transport.AskAsync(
            () =>
            {
                if (content.CanSeek) content.Position = start;
                return new HttpRequestMessage(HttpMethod.Post, path) { Content = new MeasuredContent(content, sent) };
            },
            MoMoJson.Default.FileView, content.CanSeek ? Repeat.Always : Repeat.Never, cancellation);
    }

    /// <summary>Lists files, page after page.</summary>
    /// <param name="adapter">Of this adapter; null for all.</param>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">422: there is no such adapter. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<FileView> ListAsync(string? adapter = null, int pageSize = 100, CancellationToken cancellation = default) =>
        transport.ListAsync("v1/files", Query.None.With("adapter", adapter), pageSize, MoMoJson.Default.PageFileView, cancellation);

    /// <summary>Shows one file and what came of it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: there is none, or it is not the key's to see. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<FileView> GetAsync(string id, CancellationToken cancellation = default) =>
        transport.GetAsync($"v1/files/{Segment.Of(id)}", MoMoJson.Default.FileView, cancellation);
}
