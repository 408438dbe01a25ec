using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Asking PSPs how payments stand: <c>/v1/adapters/{adapter}/status-questions</c>.</summary>
public sealed class StatusQuestionsApi
{
    private readonly Transport transport;

    internal StatusQuestionsApi(Transport transport) => this.transport = transport;

    /// <summary>Asks a PSP how a payment stands, until it says something final. Safe to repeat: one question for each reference.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="spec">Which payment, and from when on.</param>
    /// <param name="cancellation">Cancels the wait. It may be asked all the same.</param>
    /// <exception cref="MoMoException">
    /// 404: no such adapter. 409: too many questions wait. 422: the adapter has no status_url, or a field is wrong, all of them named. 401, 403: the key
    /// is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<StatusQuestionView> AskAsync(string adapter, StatusQuestionSpec spec, CancellationToken cancellation = default) =>
        transport.PostAsync(Path(adapter), spec, MoMoJson.Default.StatusQuestionSpec, MoMoJson.Default.StatusQuestionView, Repeat.Always, cancellation);

    /// <summary>Lists what a PSP was asked, newest first, page after page; what callbacks rang for, too.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="state">See <see cref="StatusQuestionView.State"/>; null for all.</param>
    /// <param name="reference">Only the one about this reference; null for all.</param>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">404: no such adapter. 400: no such state. 401, 403: the key is missing, unknown or not an admin's.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<StatusQuestionView> ListAsync(
        string adapter, string? state = null, string? reference = null, int pageSize = 100, CancellationToken cancellation = default) => transport.ListAsync(
        Path(adapter), Query.None.With("state", state).With("reference", reference), pageSize, MoMoJson.Default.PageStatusQuestionView, cancellation);

    /// <summary>Counts what asking a PSP brought.</summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="from">Only what was first asked for at or after this time; null for all.</param>
    /// <param name="to">Only what was first asked for before this time; null for all.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">404: no such adapter. 422: too much would have to be read. 401, 403: the key is missing, unknown or not an admin's.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<StatusCountsView> CountAsync(
        string adapter, DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellation = default) => transport.GetAsync(
        $"{Path(adapter)}/counts{Query.None.With("from", from).With("to", to)}", MoMoJson.Default.StatusCountsView, cancellation);

    /// <summary>
    /// Asks a PSP again what was given up, 10,000 questions at most: see <see cref="AskAgainView.Asked"/>. Safe to repeat: what is asked again is no
    /// longer given up.
    /// </summary>
    /// <param name="adapter">The adapter's id.</param>
    /// <param name="spec">Which, and whether they are only counted.</param>
    /// <param name="cancellation">Cancels the wait. They may be asked again all the same.</param>
    /// <exception cref="MoMoException">
    /// 404: no such adapter. 409: too many questions wait. 422: the adapter has no status_url, or too much would have to be read. 401, 403: the key is
    /// missing, unknown or not an admin's.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<AskAgainView> AskAgainAsync(string adapter, AskAgainSpec spec, CancellationToken cancellation = default) => transport.PostAsync(
        $"{Path(adapter)}/ask-again", spec, MoMoJson.Default.AskAgainSpec, MoMoJson.Default.AskAgainView, Repeat.Always, cancellation);

    private static string Path(string adapter) => $"v1/adapters/{Segment.Of(adapter)}/status-questions";
}
