using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>How accounts are told of their payments: <c>/v1/accounts/{account}/destinations</c>.</summary>
public sealed class DestinationsApi
{
    private readonly Transport transport;
    private readonly Collection<DestinationSpec, DestinationView> destinations;

    internal DestinationsApi(Transport transport)
    {
        this.transport = transport;
        destinations = new(
            transport, MoMoJson.Default.DestinationSpec, MoMoJson.Default.DestinationView, MoMoJson.Default.PageDestinationView);
    }

    /// <summary>Lists an account's destinations, page after page.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">404: no such account. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<DestinationView> ListAsync(string account, int pageSize = 100, CancellationToken cancellation = default) =>
        destinations.ListAsync(Path(account), pageSize, cancellation);

    /// <summary>Shows one destination.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: no such account, or no such destination. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<DestinationView> GetAsync(string account, string id, CancellationToken cancellation = default) =>
        destinations.GetAsync(Path(account), id, cancellation);

    /// <summary>Creates a destination. Its signing secret is in this answer and never again.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="spec">What it is; the id is required.</param>
    /// <param name="cancellation">Cancels the wait. It may have been created all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: the id or the URL is taken. 400, 422: a field is wrong, all of them named. 404: no such account. 401, 403: the key is missing,
    /// unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<DestinationView> CreateAsync(string account, DestinationSpec spec, CancellationToken cancellation = default) =>
        destinations.CreateAsync(Path(account), spec, cancellation);

    /// <summary>Changes a destination, unless somebody else did so meanwhile.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="spec">What it is from now on, as a whole; without the id.</param>
    /// <param name="version">The <see cref="DestinationView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been changed all the same.</param>
    /// <exception cref="MoMoException">
    /// 412: it was changed meanwhile; look again. 404: no such account, or no such destination. 409: the URL is taken. 400, 422: a field is
    /// wrong. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<DestinationView> SetAsync(
        string account, string id, DestinationSpec spec, long version, CancellationToken cancellation = default) =>
        destinations.SetAsync(Path(account), id, spec, version, cancellation);

    /// <summary>Gives a destination a new signing secret; the one before signs, too, for 24 hours. The secret is in this answer and never again.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait. It may have been rotated all the same.</param>
    /// <exception cref="MoMoException">
    /// 404: no such account, or no such destination. 409: a rotation is running. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<DestinationView> RotateAsync(string account, string id, CancellationToken cancellation = default) => transport.PostAsync(
        $"{Path(account)}/{Segment.Of(id)}/rotate", MoMoJson.Default.DestinationView, Repeat.Named, cancellation);

    /// <summary>Ends a rotation: only the new secret signs from now on.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: no such account, or no such destination. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<DestinationView> EndRotationAsync(string account, string id, CancellationToken cancellation = default) => transport.PostAsync(
        $"{Path(account)}/{Segment.Of(id)}/rotate/end", MoMoJson.Default.DestinationView, Repeat.Always, cancellation);

    /// <summary>Takes a rotation back: the secret of before signs alone again. For whoever never got to see the new one.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Cancels the wait. It may have been taken back all the same.</param>
    /// <exception cref="MoMoException">
    /// 404: no such account, or no such destination. 409: no rotation is running. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<DestinationView> UndoRotationAsync(string account, string id, CancellationToken cancellation = default) => transport.PostAsync(
        $"{Path(account)}/{Segment.Of(id)}/rotate/undo", MoMoJson.Default.DestinationView, Repeat.WhenUntouched, cancellation);

    /// <summary>Deletes a destination that nothing waits for, and that has no dead letters. What arrived stays, as history.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="version">The <see cref="DestinationView.Version"/> that was seen.</param>
    /// <param name="cancellation">Cancels the wait. It may have been deleted all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: deliveries wait for it, or it has dead letters. 412: it was changed meanwhile. 404: no such account, or no such destination.
    /// 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task DeleteAsync(string account, string id, long version, CancellationToken cancellation = default) =>
        DeleteAsync(account, id, version, giveUpDeadLetters: false, cancellation);

    /// <summary>Deletes a destination that nothing waits for. What arrived stays, as history.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="id">Its id.</param>
    /// <param name="version">The <see cref="DestinationView.Version"/> that was seen.</param>
    /// <param name="giveUpDeadLetters">
    /// Whether it is deleted although it has dead letters, which nobody can send again then; of a paused one, what is pending is given up with them.
    /// </param>
    /// <param name="cancellation">Cancels the wait. It may have been deleted all the same.</param>
    /// <exception cref="MoMoException">
    /// 409: deliveries wait for it, or it has dead letters that are not given up. 412: it was changed meanwhile. 404: no such account, or no
    /// such destination. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task DeleteAsync(string account, string id, long version, bool giveUpDeadLetters, CancellationToken cancellation = default) =>
        destinations.DeleteAsync(Path(account), id, Query.None.With("dead_letters", giveUpDeadLetters ? "give_up" : null), version, cancellation);

    private static string Path(string account) => $"v1/accounts/{Segment.Of(account)}/destinations";
}
