using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Payments that are kept but belong to nobody yet: <c>/v1/suspense</c>, and how a payment comes back there.</summary>
public sealed class SuspenseApi
{
    private readonly Transport transport;

    internal SuspenseApi(Transport transport) => this.transport = transport;

    /// <summary>Lists what is in suspense, page after page.</summary>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<PaymentView> ListAsync(int pageSize = 100, CancellationToken cancellation = default) =>
        transport.ListAsync("v1/suspense", Query.None, pageSize, MoMoJson.Default.PagePaymentView, cancellation);

    /// <summary>Gives a payment in suspense to an account, which gets it as its newest.</summary>
    /// <param name="payment">The hub's id of the payment.</param>
    /// <param name="assignment">To whom, and why.</param>
    /// <param name="cancellation">Cancels the wait. It may have been assigned all the same.</param>
    /// <exception cref="MoMoException">
    /// 404: no such payment. 409: it is not in suspense any more. 400, 422: no such account, or the reason is missing. 401, 403: the key is
    /// missing, unknown or may not. 429, 503: too busy, and stayed so.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<PaymentView> AssignAsync(string payment, AssignSpec assignment, CancellationToken cancellation = default) =>
        transport.PostAsync(
            $"v1/suspense/{Segment.Of(payment)}/assign", assignment, MoMoJson.Default.AssignSpec, MoMoJson.Default.PaymentView,
            Repeat.Always, cancellation);

    /// <summary>
    /// Takes a payment from the account that has it. The account gets a reversal of what is left of it; that stands in suspense as a payment of its own,
    /// to be assigned to whose it is.
    /// </summary>
    /// <param name="payment">The hub's id of the payment.</param>
    /// <param name="unlinking">Why.</param>
    /// <param name="cancellation">Cancels the wait. It may have been taken all the same.</param>
    /// <returns>The payment that stands for it now, as it is: in suspense, or assigned since.</returns>
    /// <exception cref="MoMoException">
    /// 404: no such payment. 409: it is in suspense, or all of it was taken back. 400, 422: the reason is missing. 401, 403: the key is missing, unknown
    /// or may not. 429, 503: too busy, and stayed so.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<PaymentView> UnlinkAsync(string payment, UnlinkSpec unlinking, CancellationToken cancellation = default) =>
        transport.PostAsync(
            $"v1/payments/{Segment.Of(payment)}/unlink", unlinking, MoMoJson.Default.UnlinkSpec, MoMoJson.Default.PaymentView,
            Repeat.Always, cancellation);
}
