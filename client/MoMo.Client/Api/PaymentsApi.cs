using System.Runtime.CompilerServices;
using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Money that PSPs say has arrived: <c>/v1/payments</c>.</summary>
public sealed class PaymentsApi
{
    private readonly Transport transport;

    internal PaymentsApi(Transport transport) => this.transport = transport;

    /// <summary>
    /// Reports a payment. Safe to repeat for ever: the same content gets the same answer, marked <see cref="PaymentView.Replayed"/>.
    /// </summary>
    /// <param name="payment">What the PSP says.</param>
    /// <param name="cancellation">Cancels the wait. The payment may have been taken all the same: send it again to know.</param>
    /// <returns>The payment as kept: accepted by an account, or in suspense.</returns>
    /// <exception cref="MoMoException">
    /// 400 or 422: something is wrong with it, all fields named at once. 409 <c>payment-differs</c>: this psp_reference was used before
    /// with other content. 401, 403: the key is missing, unknown or may not. 413: too big. 429, 503: too busy, and stayed so.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<PaymentView> SendAsync(NewPayment payment, CancellationToken cancellation = default) => transport.PostAsync(
        "v1/payments", payment, MoMoJson.Default.NewPayment, MoMoJson.Default.PaymentView, Repeat.Always, cancellation);

    /// <summary>
    /// Reports a stream of payments in order, in bounded memory however long it is: it goes out in requests of at most 1,000 payments
    /// (about 512 KiB), one after the other, holding at most 2,000 at a time. A source that pauses is not waited for.
    /// </summary>
    /// <param name="payments">The payments. Read ahead by at most 1,000.</param>
    /// <param name="cancellation">Cancels. What was sent may have been taken: sending it again is safe.</param>
    /// <returns>
    /// One line per payment, in the order sent, numbered from 1. A refused payment is a line, not an exception; a line of 503 was not taken
    /// and may be sent again.
    /// </returns>
    /// <exception cref="MoMoException">
    /// 401, 403: the key is missing, unknown or may not. 413, 429, 503: too busy, and stayed so. <c>answer-incomplete</c>,
    /// <c>answer-unreadable</c>: the answer was cut or is not the hub's. The lines before it were given.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached, or no longer.</exception>
    public IAsyncEnumerable<BulkLine> SendBulkAsync(IAsyncEnumerable<NewPayment> payments, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(payments);
        return SendLinesAsync(LinesOf(payments, CancellationToken.None), cancellation);
    }

    /// <summary>As <see cref="SendBulkAsync"/>, with payments that are JSON already, such as the lines of a file: what is wrong with one, the hub says.</summary>
    /// <param name="lines">The payments: a line each, in UTF-8, without its end, not blank, of at most 64 KiB (the hub may read no further than a longer one). Read
    /// ahead by at most 1,000.</param>
    /// <param name="cancellation">Cancels. What was sent may have been taken: sending it again is safe.</param>
    /// <returns>As <see cref="SendBulkAsync"/>; a line that is no JSON is 400 <c>malformed-json</c>.</returns>
    /// <exception cref="ArgumentException">A line is blank or has an end in it, so that it would not get one answer.</exception>
    /// <exception cref="MoMoException">As <see cref="SendBulkAsync"/>.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached, or no longer.</exception>
    public IAsyncEnumerable<BulkLine> SendLinesAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> lines, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return new BulkStream(transport).SendAsync(lines, cancellation);
    }

    /// <summary>Lists payments, newest first, page after page.</summary>
    /// <param name="query">Which; null for all the key may see.</param>
    /// <param name="pageSize">How many are asked for at once. From 1 to the hub's limit; 100 by default.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="MoMoException">
    /// 400: a filter is malformed. 422: what a filter names is not there, or too much would have to be read. 401, 403: the key is missing, unknown or
    /// may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public IAsyncEnumerable<PaymentView> ListAsync(
        PaymentQuery? query = null, int pageSize = 100, CancellationToken cancellation = default) => transport.ListAsync(
        "v1/payments", (query ?? new PaymentQuery()).ToQuery(), pageSize, MoMoJson.Default.PagePaymentView, cancellation);

    /// <summary>Shows one payment with its routing decision.</summary>
    /// <param name="id">The hub's id of it.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">
    /// 404: there is none, or it is not the key's to see. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<PaymentView> GetAsync(string id, CancellationToken cancellation = default) =>
        transport.GetAsync($"v1/payments/{Segment.Of(id)}", MoMoJson.Default.PaymentView, cancellation);

    /// <summary>Copies the proof: the very bytes that the PSP sent.</summary>
    /// <param name="id">The hub's id of the payment.</param>
    /// <param name="destination">Where to; stays open.</param>
    /// <param name="cancellation">Cancels the copying.</param>
    /// <exception cref="MoMoException">
    /// 404: no such payment, or not the key's to see. 401, 403: the key is missing, unknown or may not.
    /// </exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public async Task CopyProofAsync(string id, Stream destination, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var path = $"v1/payments/{Segment.Of(id)}/proof";
        using var response = await transport.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), Repeat.Always, cancellation);
        await response.Content.CopyToAsync(destination, cancellation);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesOf(
        IAsyncEnumerable<NewPayment> payments, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var payment in payments.WithCancellation(cancellation)) yield return JsonSerializer.SerializeToUtf8Bytes(payment, MoMoJson.Default.NewPayment);
    }
}
